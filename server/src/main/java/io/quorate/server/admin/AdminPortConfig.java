package io.quorate.server.admin;

import io.quorate.server.config.NetworkConfig;
import io.quorate.server.security.TokenEntrance;
import io.quorate.server.tls.NodeTls;
import java.util.Optional;

/**
 * How an admin port is opened, whoever it answers for.
 *
 * @param insidb whether InsiDB's GET is answered that lets a node join
 * @param tls empty for plain text
 * @param tokens lets in who shows a token instead of a password
 */
public record AdminPortConfig(
    NetworkConfig network, boolean insidb, Optional<NodeTls> tls, TokenEntrance tokens) {}
