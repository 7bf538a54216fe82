package io.quorate.driver.auth;

import java.text.Normalizer;

/**
 * Makes of a password as it is typed one that is the same on every keyboard: SASLprep, RFC 4013.
 * Pure.
 *
 * <p>Weaker than the RFC in two points. The tables of RFC 3454 are those of Unicode 3.2, and here
 * those of the Java at hand: a character that is newer than 3.2 is allowed, and one that the Java
 * at hand does not know is refused. And the parts of table B.1 and C that are ranges are held by
 * Unicode's categories where these agree with them.
 */
public final class SaslPrep {
  /** A password is typed, or drawn; more is a mistake. */
  public static final int CHARS_MAX = 1024;

  private SaslPrep() {}

  /**
   * The prepared form.
   *
   * @throws ScramException when it is empty, too long, or holds what must not be in it
   */
  public static String prepare(String password) throws ScramException {
    if (password.isEmpty() || password.length() > CHARS_MAX) {
      throw new ScramException("a password has 1 to " + CHARS_MAX + " characters");
    }
    if (password.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      return password;
    }
    String prepared = Normalizer.normalize(map(password), Normalizer.Form.NFKC);
    if (prepared.isEmpty() || prepared.codePoints().anyMatch(SaslPrep::isProhibited)) {
      throw new ScramException("the password holds a character that is not allowed in one");
    }
    requireOneDirection(prepared);
    return prepared;
  }

  /** Table C.1.2 becomes a space, table B.1 nothing (RFC 4013 §2.1). */
  private static String map(String password) {
    StringBuilder mapped = new StringBuilder();
    password
        .codePoints()
        .filter(c -> !isMappedToNothing(c))
        .forEach(c -> mapped.appendCodePoint(isOtherSpace(c) ? ' ' : c));
    return mapped.toString();
  }

  private static boolean isMappedToNothing(int c) {
    return c == 0x00ad
        || c == 0x034f
        || c == 0x1806
        || (c >= 0x180b && c <= 0x180d)
        || (c >= 0x200b && c <= 0x200d)
        || c == 0x2060
        || (c >= 0xfe00 && c <= 0xfe0f)
        || c == 0xfeff;
  }

  private static boolean isOtherSpace(int c) {
    return c > 0x7f && Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  /** Tables C.1.2 to C.9, and what has no meaning yet (RFC 4013 §2.3 and §2.5). */
  private static boolean isProhibited(int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL:
      case Character.PRIVATE_USE:
      case Character.SURROGATE:
      case Character.UNASSIGNED:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
        return true;
      default:
        return isOtherSpace(c)
            || c == 0x06dd
            || c == 0x070f
            || c == 0x180e
            || c == 0x0340
            || c == 0x0341
            || (c >= 0x200c && c <= 0x200f)
            || (c >= 0x202a && c <= 0x202e)
            || (c >= 0x2060 && c <= 0x2063)
            || (c >= 0x206a && c <= 0x206f)
            || (c >= 0x2ff0 && c <= 0x2ffb)
            || (c >= 0xfff9 && c <= 0xfffd)
            || (c >= 0x1d173 && c <= 0x1d17a)
            || (c >= 0xe0001 && c <= 0xe007f)
            || (c & 0xfffe) == 0xfffe;
    }
  }

  /** What runs from right to left begins and ends so, and holds nothing else (RFC 3454 §6). */
  private static void requireOneDirection(String prepared) throws ScramException {
    boolean right = prepared.codePoints().anyMatch(SaslPrep::isRightToLeft);
    if (!right) {
      return;
    }
    boolean left =
        prepared
            .codePoints()
            .anyMatch(
                c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
    if (left
        || !isRightToLeft(prepared.codePointAt(0))
        || !isRightToLeft(prepared.codePointBefore(prepared.length()))) {
      throw new ScramException("the password mixes scripts of both directions");
    }
  }

  private static boolean isRightToLeft(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }
}
