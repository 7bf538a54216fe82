package io.quorate.server.config;

/** Where a value comes from, strongest first. */
public enum Origin {
  FLAG("flag"),
  ENVIRONMENT("env"),
  FILE("file"),
  /** Nobody chose a mode, and other settings speak of a cluster. */
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
