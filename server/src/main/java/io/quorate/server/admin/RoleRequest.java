package io.quorate.server.admin;

import java.util.Optional;

/**
 * What a node is told to be.
 *
 * @param name that it is to have; empty for the one that it has
 * @param leader where the leader listens for other nodes, {@code host:port} as it was written;
 *     empty where none was told
 */
public record RoleRequest(NodeRecord.Role role, Optional<String> name, Optional<String> leader) {}
