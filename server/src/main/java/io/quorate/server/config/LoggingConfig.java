package io.quorate.server.config;

/** What the node says about itself, and in what form. Keys {@code logging.…}. */
public record LoggingConfig(@Setting("info") Level level, @Setting("text") Format format) {

  /** The least that is written. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** Columns for people, or one JSON object a line for machines. */
  public enum Format {
    TEXT,
    JSON
  }
}
