package io.quorate.server.config;

/**
 * Published interfaces of other systems that are answered only where somebody wants them. Keys
 * {@code compat.…}.
 *
 * @param insidb InsiDB's call to join, which changes the cluster by a GET
 */
public record CompatConfig(@Setting("false") boolean insidb) {}
