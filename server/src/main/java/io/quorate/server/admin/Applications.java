package io.quorate.server.admin;

import io.quorate.server.rest.RestEndpoint;
import java.util.concurrent.Executor;

/**
 * By whom applications are answered that ask the admin port.
 *
 * @param rest the same as on the client port
 * @param workers for nothing else; must be bounded and reject what is beyond its bound
 */
public record Applications(RestEndpoint rest, Executor workers) {}
