package io.quorate.sql.parse;

/** A text that must not be shown. Immutable. */
public final class Secret {
  private final String text;

  Secret(String text) {
    this.text = text;
  }

  /** The text, for who needs it; never for a message. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "********";
  }
}
