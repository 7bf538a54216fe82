package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;

/**
 * A revision of a cluster as text, which one client hands to another: {@code <cluster>-<revision>}.
 * The form is a promise; see docs/consistency.md.
 */
final class CommitToken {
  private CommitToken() {}

  static String text(String cluster, long revision) {
    return cluster + "-" + revision;
  }

  /**
   * The revision that a token names.
   *
   * @throws QuorateException {@link ErrorCode#INVALID_PARAMETER} when it is none of this cluster
   */
  static long revision(String token, String cluster) {
    int dash = token.lastIndexOf('-');
    String digits = token.substring(dash + 1);
    if (dash < 0 || !digits.matches("[0-9]{1,18}")) {
      throw invalid("a commit token is <cluster>-<revision>, not \"" + shortened(token) + "\"");
    }
    if (!token.substring(0, dash).equals(cluster)) {
      throw invalid("commit token \"" + shortened(token) + "\" is not of this cluster, " + cluster);
    }
    return Long.parseLong(digits);
  }

  private static String shortened(String token) {
    return token.length() <= 64 ? token : token.substring(0, 64) + "...";
  }

  private static QuorateException invalid(String line) {
    return new QuorateException(ErrorCode.INVALID_PARAMETER, line);
  }
}
