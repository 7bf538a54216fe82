package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.function.Function0;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one recursive query: those of its first part, and then, round by round, what its
 * second part makes of those of the round before, until a round brings none. Generated code calls
 * it. Immutable; what a round works on is kept with the statement.
 */
public final class RecursiveRows {
  private final boolean distinct;
  private final List<String> required;

  /**
   * @param distinct whether a row that was there already is left out
   * @param required names of the columns by their ordinals; empty for one that may be NULL in the
   *     second part
   */
  public RecursiveRows(boolean distinct, List<String> required) {
    this.distinct = distinct;
    this.required = List.copyOf(required);
  }

  /** What the second part reads: the rows of the round before. */
  public Enumerable<Object> working(DataContext context) {
    StatementContext statement = (StatementContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return new Listed(statement.working(RecursiveRows.this).iterator());
      }
    };
  }

  /**
   * All rows, each computed when it is asked for, but a round at once.
   *
   * @param step makes the second part anew for each round: some of it is computed when it is made
   */
  public Enumerable<Object> all(
      DataContext context, Enumerable<Object> first, Function0<Enumerable<Object>> step) {
    StatementContext statement = (StatementContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return new Rounds(statement, first, step);
      }
    };
  }

  /** A row of one column is its value. */
  @SuppressWarnings("NullAway") // generated code takes null for NULL
  private static Object internal(@Nullable Object[] row) {
    return row.length == 1 ? row[0] : row;
  }

  private static final class Listed implements Enumerator<Object> {
    private final Iterator<@Nullable Object[]> rows;
    private @Nullable Object[] current = new @Nullable Object[0];

    Listed(Iterator<@Nullable Object[]> rows) {
      this.rows = rows;
    }

    @Override
    public boolean moveNext() {
      boolean more = rows.hasNext();
      if (more) {
        current = rows.next();
      }
      return more;
    }

    @Override
    public Object current() {
      return internal(current);
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private final class Rounds implements Enumerator<Object> {
    private final StatementContext statement;
    private final Function0<Enumerable<Object>> step;
    private final Set<List<@Nullable Object>> seen = new HashSet<>();
    private List<@Nullable Object[]> round;
    private int next;
    private @Nullable Object[] current = new @Nullable Object[0];

    Rounds(
        StatementContext statement, Enumerable<Object> first, Function0<Enumerable<Object>> step) {
      this.statement = statement;
      this.step = step;
      this.round = collect(first, false);
    }

    private List<@Nullable Object[]> collect(Enumerable<Object> rows, boolean later) {
      MemoryMeter meter = new MemoryMeter(statement.execution().memoryBytesMax());
      List<@Nullable Object[]> collected = new ArrayList<>();
      statement.execution().cancel().check();
      try (Enumerator<Object> all = rows.enumerator()) {
        while (all.moveNext()) {
          Object row = all.current();
          @Nullable Object[] values =
              row instanceof @Nullable Object[] array ? array : new @Nullable Object[] {row};
          if (later) {
            requireValues(values);
          }
          if (!distinct || isNew(values)) {
            meter.addRow(values);
            collected.add(values);
          }
        }
      }
      return collected;
    }

    private boolean isNew(@Nullable Object[] values) {
      List<@Nullable Object> key = new ArrayList<>(values.length);
      for (Object value : values) {
        key.add(value instanceof BigDecimal number ? number.stripTrailingZeros() : value);
      }
      boolean isNew = seen.add(key);
      if (isNew) {
        statement.meter().addRow(values);
      }
      return isNew;
    }

    /** The code of the second part was made for what the first part says of the columns. */
    private void requireValues(@Nullable Object[] values) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == null && !required.get(i).isEmpty()) {
          throw new SqlFailure(
              State.NOT_NULL_VIOLATION,
              "column \""
                  + required.get(i)
                  + "\" of the recursive query is never NULL in its first part and is in a later"
                  + " one; begin with an expression that may be NULL, such as NULLIF");
        }
      }
    }

    @Override
    public boolean moveNext() {
      if (next == round.size() && next > 0) {
        List<@Nullable Object[]> before = statement.work(RecursiveRows.this, round);
        try {
          round = collect(step.apply(), true);
        } finally {
          statement.work(RecursiveRows.this, before);
        }
        next = 0;
      }
      boolean more = next < round.size();
      if (more) {
        current = round.get(next++);
      }
      return more;
    }

    @Override
    public Object current() {
      return internal(current);
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      seen.clear();
      round = List.of();
      next = 0;
    }
  }
}
