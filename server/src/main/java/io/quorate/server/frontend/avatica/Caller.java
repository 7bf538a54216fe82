package io.quorate.server.frontend.avatica;

import io.quorate.server.security.BasicCredentials;
import java.util.Optional;

/**
 * Who sends a request, as far as HTTP tells.
 *
 * @param address of the client, for the log
 * @param credentials of the request's own header, if it has one
 * @param repetition whether it may be, or come to be, sent more than once
 */
public record Caller(
    String address, Optional<BasicCredentials> credentials, Repetition repetition) {}
