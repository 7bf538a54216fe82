package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Written;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a statement, wherever it ran.
 *
 * @param columns empty when it returns no rows
 * @param more where the rows behind the first page are, and the large values that were named; null
 *     when there are none
 * @param updateCounts one a list of parameters; empty when it returns rows
 * @param shown the revision of the rows, or of the write
 * @param keys that were asked for, of the rows that were put
 */
record Executed(
    List<ResultColumn> columns,
    OpenCursor.Page first,
    @Nullable OpenCursor more,
    List<Long> updateCounts,
    Shown shown,
    GeneratedKeys keys) {

  /** Without keys. */
  Executed(
      List<ResultColumn> columns,
      OpenCursor.Page first,
      @Nullable OpenCursor more,
      List<Long> updateCounts,
      Shown shown) {
    this(columns, first, more, updateCounts, shown, GeneratedKeys.NONE);
  }

  static Executed rows(
      List<ResultColumn> columns, OpenCursor.Page first, OpenCursor cursor, long revision) {
    if (first.done() && !cursor.namesValues()) {
      cursor.close();
      return new Executed(columns, first, null, List.of(), Shown.of(revision));
    }
    return new Executed(columns, first, cursor, List.of(), Shown.of(revision));
  }

  static Executed updated(List<Long> updateCounts, long revision) {
    return new Executed(List.of(), OpenCursor.Page.EMPTY, null, updateCounts, Shown.of(revision));
  }

  static Executed updated(Written written) {
    return updated(written.updateCounts(), written.revision());
  }

  Executed with(GeneratedKeys told) {
    return told.isNone() ? this : new Executed(columns, first, more, updateCounts, shown, told);
  }

  /**
   * The rows of RETURNING in the place of the count, if the plan has it.
   *
   * @throws QuorateException {@link ErrorCode#KEYS_UNKNOWN} when the write was done by an attempt
   *     whose answer was lost, and its rows with it
   */
  Executed returning(Plan.Change plan, StatementRequest request) {
    if (plan.returning().isEmpty()) {
      return this;
    }
    if (!keys.returned()) {
      throw new QuorateException(
          ErrorCode.KEYS_UNKNOWN,
          "the write was done by an attempt whose answer was lost, and the rows that it returned"
              + " with it");
    }
    ReturnedRows cursor = new ReturnedRows(keys.rows(), request.rowsMax());
    return rows(keys.columns(), cursor.next(request.firstRows()), cursor, revision())
        .showing(shown);
  }

  private Executed showing(Shown other) {
    return new Executed(columns, first, more, updateCounts, other, keys);
  }

  /** The same rows, with something that ends when the last of them is read. */
  Executed endingWith(Runnable end) {
    if (more == null) {
      end.run();
      return this;
    }
    return new Executed(columns, first, new EndingCursor(more, end), updateCounts, shown, keys);
  }

  /** The same rows, of which more is known. */
  Executed vouchedFor(Mark mark) {
    return new Executed(columns, first, more, updateCounts, new Shown(revision(), mark), keys);
  }

  /**
   * The first rows.
   *
   * @param cursor by which the session keeps {@link #more}
   */
  RowBatch firstBatch(long cursor) {
    boolean named = more != null && more.namesValues();
    return new RowBatch(first.rows(), first.done() ? 0 : cursor, named ? cursor : 0);
  }

  long revision() {
    return shown.revision();
  }

  boolean returnsRows() {
    return updateCounts.isEmpty();
  }

  long updateCount() {
    return updateCounts.stream().mapToLong(Long::longValue).sum();
  }
}
