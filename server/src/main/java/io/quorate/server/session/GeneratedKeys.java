package io.quorate.server.session;

import io.quorate.sql.exec.ResultColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a write tells of the rows that it has put.
 *
 * @param columns those that were asked for; empty when none were, or no row was put
 * @param unknown whether the write was done at an earlier time, which only its counts are known of
 * @param returned whether they are the rows of RETURNING
 */
public record GeneratedKeys(
    List<ResultColumn> columns, List<@Nullable Object[]> rows, boolean unknown, boolean returned) {
  public static final GeneratedKeys NONE = new GeneratedKeys(List.of(), List.of(), false);

  static final GeneratedKeys UNKNOWN = new GeneratedKeys(List.of(), List.of(), true);

  /** Keys that were asked for beside the statement. */
  GeneratedKeys(List<ResultColumn> columns, List<@Nullable Object[]> rows, boolean unknown) {
    this(columns, rows, unknown, false);
  }

  public GeneratedKeys {
    columns = List.copyOf(columns);
  }

  /** Whether there is nothing to tell. */
  public boolean isNone() {
    return columns.isEmpty() && !unknown;
  }
}
