package io.quorate.server.rest;

import io.quorate.server.security.BasicCredentials;
import java.util.Optional;

/**
 * A request as a port has read it, without its body.
 *
 * @param path as it was sent, without the query
 * @param query as it was sent; empty without one
 * @param address of the client, for the log
 */
public record RestRequest(
    String method,
    String path,
    String query,
    Optional<BasicCredentials> credentials,
    String address) {}
