package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of values of a long IN list, which are the same for all rows of a statement. Immutable;
 * used by any thread.
 */
public final class ValueList {
  private final List<SqlType> types;
  private final List<List<Expression>> rows;

  /** Where no parameter is among the values, all executions have one in common. */
  private final Optional<ValueSet> known;

  /**
   * @param types of the values that are looked for
   * @param rows none of which needs a row of a table
   */
  public ValueList(List<SqlType> types, List<List<Expression>> rows) {
    this.types = List.copyOf(types);
    this.rows = List.copyOf(rows);
    this.known =
        rows.stream().flatMap(List::stream).allMatch(Constant.class::isInstance)
            ? Optional.of(
                set(value -> value instanceof Constant constant ? constant.value() : null))
            : Optional.empty();
  }

  public List<List<Expression>> rows() {
    return rows;
  }

  /** The values as they are in one execution. */
  ValueSet evaluate(Frame frame) {
    return known.orElseGet(() -> set(value -> value.evaluate(frame)));
  }

  private interface Evaluation {
    @Nullable Object of(Expression value);
  }

  private ValueSet set(Evaluation evaluation) {
    List<@Nullable Object[]> values = new ArrayList<>(rows.size());
    for (List<Expression> row : rows) {
      @Nullable Object[] evaluated = new @Nullable Object[row.size()];
      for (int i = 0; i < evaluated.length; i++) {
        evaluated[i] = evaluation.of(row.get(i));
      }
      values.add(evaluated);
    }
    return new ValueSet(types, values);
  }
}
