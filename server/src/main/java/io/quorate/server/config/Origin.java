package io.quorate.server.config;

/** Where a value comes from, strongest first. */
public enum Origin {
  FLAG("flag"),
  ENVIRONMENT("env"),
  FILE("file"),
  /** Nobody chose it, and it follows from what was said, as a mode from settings of a cluster. */
  DERIVED("derived"),
  DEFAULT("default");

  private final String label;

  Origin(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
