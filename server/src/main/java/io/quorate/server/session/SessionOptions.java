package io.quorate.server.session;

import java.util.Map;

/**
 * How a session begins.
 *
 * @param user who connects; empty for nobody in particular
 * @param settings the initial values of settings by name, such as {@code read_level} and {@code
 *     schema}; unknown names are refused
 */
public record SessionOptions(String user, Map<String, String> settings) {
  public SessionOptions {
    settings = Map.copyOf(settings);
  }
}
