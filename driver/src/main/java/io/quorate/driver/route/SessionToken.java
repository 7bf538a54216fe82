package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import java.sql.SQLException;

/**
 * A revision of a cluster as text, {@code <cluster>-<revision>}, to be handed to whoever must see
 * at least that. Immutable.
 */
final class SessionToken {
  private static final int LENGTH_MAX = 256;

  private final String cluster;
  private final long revision;

  private SessionToken(String cluster, long revision) {
    this.cluster = cluster;
    this.revision = revision;
  }

  /**
   * Reads a token; the name of a cluster may have hyphens in it.
   *
   * @throws SQLException 22023 when it is none
   */
  static SessionToken parse(String text) throws SQLException {
    int hyphen = text.lastIndexOf('-');
    if (hyphen > 0 && text.length() <= LENGTH_MAX) {
      try {
        String digits = text.substring(hyphen + 1);
        if (!digits.startsWith("+")) {
          return new SessionToken(text.substring(0, hyphen), Long.parseLong(digits));
        }
      } catch (NumberFormatException e) {
        throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, malformed(text), e);
      }
    }
    throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, malformed(text));
  }

  private static String malformed(String text) {
    String shown = text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "…" : text;
    return "read_after takes a token as LAST_COMMIT_TOKEN() gives it, not \"" + shown + "\"";
  }

  /**
   * The revision.
   *
   * @throws SQLException 22023 when it is one of another cluster
   */
  long revisionOf(String wanted) throws SQLException {
    if (!cluster.equals(wanted)) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "the token is one of cluster \"" + cluster + "\", and this is \"" + wanted + "\"");
    }
    return revision;
  }
}
