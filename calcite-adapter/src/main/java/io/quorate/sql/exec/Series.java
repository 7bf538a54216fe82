package io.quorate.sql.exec;

import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.apache.calcite.DataContext;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * {@code GENERATE_SERIES}: whole numbers from one to another, both among them, a row each, made
 * when they are asked for. None if a bound or the step is NULL. Immutable.
 */
public final class Series implements ScannableTable {
  private static final String NAME = "GENERATE_SERIES";

  /** Between two looks at the flag. */
  private static final int ROWS_UNWATCHED = 1024;

  private final @Nullable Long first;
  private final @Nullable Long last;
  private final @Nullable Long step;

  private Series(@Nullable Long first, @Nullable Long last, @Nullable Long step) {
    this.first = first;
    this.last = last;
    this.step = step;
  }

  /**
   * For generated code; before that, with NULLs for what is no literal, to be asked for its type.
   */
  public static ScannableTable of(@Nullable Object first, @Nullable Object last) {
    return new Series(whole(first), whole(last), 1L);
  }

  /** As {@link #of}, by more than one, or backward. */
  public static ScannableTable by(
      @Nullable Object first, @Nullable Object last, @Nullable Object step) {
    return new Series(whole(first), whole(last), whole(step));
  }

  /** Generated code has whole numbers of all lengths. */
  private static @Nullable Long whole(@Nullable Object number) {
    return number == null ? null : (Long) ((Number) number).longValue();
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return factory.builder().add(NAME, SqlTypeName.BIGINT).build();
  }

  @Override
  public Enumerable<@Nullable Object[]> scan(DataContext root) {
    CancelFlag cancel = ((StatementContext) root).execution().cancel();
    if (step != null && step == 0) {
      throw new SqlFailure(State.INVALID_PARAMETER, "the step of GENERATE_SERIES cannot be 0");
    }
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<@Nullable Object[]> enumerator() {
        return first == null || last == null || step == null
            ? new Numbers(0, -1, 1, cancel)
            : new Numbers(first, last, step, cancel);
      }
    };
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.UNKNOWN;
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.TABLE;
  }

  @Override
  public boolean isRolledUp(String column) {
    return false;
  }

  @Override
  public boolean rolledUpColumnValidInsideAgg(
      String column,
      SqlCall call,
      @Nullable SqlNode parent,
      @Nullable CalciteConnectionConfig config) {
    return false;
  }

  private static final class Numbers implements Enumerator<@Nullable Object[]> {
    private final long first;
    private final long last;
    private final long step;
    private final CancelFlag cancel;
    private long now;
    private boolean begun;
    private boolean ended;
    private int unwatched;

    Numbers(long first, long last, long step, CancelFlag cancel) {
      this.first = first;
      this.last = last;
      this.step = step;
      this.cancel = cancel;
    }

    @Override
    public @Nullable Object[] current() {
      return new @Nullable Object[] {now};
    }

    @Override
    public boolean moveNext() {
      if (++unwatched == ROWS_UNWATCHED) {
        cancel.check();
        unwatched = 0;
      }
      if (ended) {
        return false;
      }
      long next = begun ? now + step : first;
      // A sum that has gone round lies on the other side of what it was made of.
      boolean round = begun && (step > 0 ? next < now : next > now);
      begun = true;
      ended = round || (step > 0 ? next > last : next < last);
      now = next;
      return !ended;
    }

    @Override
    public void reset() {
      begun = false;
      ended = false;
    }

    @Override
    public void close() {
      ended = true;
    }
  }
}
