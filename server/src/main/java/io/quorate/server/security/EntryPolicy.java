package io.quorate.server.security;

/**
 * What a node was told about who may enter.
 *
 * @param demanded a first user is configured, so nobody enters without a password, from the start
 * @param exposed other machines reach the node, and nobody has said that this may be so without
 *     passwords
 * @param insecure somebody has said that
 * @param iterations of SCRAM, for new passwords and made-up users
 */
public record EntryPolicy(boolean demanded, boolean exposed, boolean insecure, int iterations) {}
