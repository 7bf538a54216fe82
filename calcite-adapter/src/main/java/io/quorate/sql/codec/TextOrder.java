package io.quorate.sql.codec;

/**
 * The order of text, by code points: that of its UTF-8, in which keys and indexes have it. Of
 * Java's own order it differs where of the first chars that are not the same only one is a
 * surrogate, and stands for a code point behind all others.
 */
public final class TextOrder {
  private TextOrder() {}

  public static int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Character.isSurrogate(a) == Character.isSurrogate(b)
            ? a - b
            : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
      }
    }
    return left.length() - right.length();
  }
}
