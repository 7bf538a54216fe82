package io.quorate.server.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration is read from.
 *
 * @param flags by full key, such as {@code network.client_addr}
 * @param environment all variables of the process
 * @param file the TOML file; null for none
 * @param fallbacks what takes the place of a default, by full key
 * @param heapBytes the largest heap, of which the cache takes a share
 */
public record ConfigSources(
    Map<String, String> flags,
    Map<String, String> environment,
    @Nullable Path file,
    Map<String, String> fallbacks,
    long heapBytes) {
  public ConfigSources {
    fallbacks = Map.copyOf(fallbacks);
    flags = Map.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /** With the usual defaults. */
  public ConfigSources(
      Map<String, String> flags,
      Map<String, String> environment,
      @Nullable Path file,
      long heapBytes) {
    this(flags, environment, file, Map.of(), heapBytes);
  }
}
