package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Arrays;

/**
 * A LIKE pattern, matched by going back to the last percent sign when a character does not fit: no
 * pattern takes more than the product of both lengths. Immutable.
 */
final class LikePattern {
  private static final int ONE = -1;
  private static final int ANY = -2;

  private final int[] signs;

  private LikePattern(int[] signs) {
    this.signs = signs;
  }

  /**
   * A pattern.
   *
   * @param escape one character, or none
   */
  static LikePattern of(String pattern, String escape) {
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new SqlFailure(
          State.INVALID_PARAMETER, "Invalid escape '" + escape + "': it is one character");
    }
    int[] points = pattern.codePoints().toArray();
    int escapePoint = escape.isEmpty() ? Integer.MIN_VALUE : escape.codePointAt(0);
    int[] signs = new int[points.length];
    int count = 0;
    for (int i = 0; i < points.length; i++) {
      int point = points[i];
      if (point == escapePoint) {
        if (++i == points.length) {
          throw new SqlFailure(State.INVALID_PARAMETER, "LIKE pattern ends with its escape");
        }
        signs[count++] = points[i];
      } else if (point == '%') {
        signs[count++] = ANY;
      } else {
        signs[count++] = point == '_' ? ONE : point;
      }
    }
    return new LikePattern(Arrays.copyOf(signs, count));
  }

  boolean matches(String text) {
    int[] points = text.codePoints().toArray();
    int at = 0;
    int sign = 0;
    int lastAny = -1;
    int lastAt = 0;
    while (at < points.length) {
      if (sign < signs.length && signs[sign] == ANY) {
        lastAny = sign++;
        lastAt = at;
      } else if (sign < signs.length && (signs[sign] == ONE || signs[sign] == points[at])) {
        sign++;
        at++;
      } else if (lastAny >= 0) {
        sign = lastAny + 1;
        at = ++lastAt;
      } else {
        return false;
      }
    }
    while (sign < signs.length && signs[sign] == ANY) {
      sign++;
    }
    return sign == signs.length;
  }
}
