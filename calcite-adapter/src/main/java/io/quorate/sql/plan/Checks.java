package io.quorate.sql.plan;

import io.quorate.sql.catalog.CheckDef;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.RowChecks;
import io.quorate.sql.exec.ShownValues;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.jspecify.annotations.Nullable;

/**
 * The generated columns and the CHECK constraints of a table, ready to be computed and then looked
 * at for each row that an INSERT or UPDATE makes. A row for which a condition is FALSE must not be;
 * TRUE and UNKNOWN are as the standard wants them. Immutable; used by any thread.
 */
final class Checks {
  static final Checks NONE = new Checks(List.of(), List.of(), true);

  private final List<Generated> generated;
  private final List<Check> checks;
  private final boolean brief;

  /**
   * @param columns ordinals of those that the condition is about
   */
  private record Check(CheckDef definition, Expression condition, List<Integer> columns) {}

  /** A generated column, by its ordinal. */
  private record Generated(int ordinal, Expression value) {}

  private Checks(List<Generated> generated, List<Check> checks, boolean brief) {
    this.generated = generated;
    this.checks = checks;
    this.brief = brief;
  }

  /**
   * Those of one of the tables.
   *
   * @throws SqlFailure when a condition is none, or is about more than the values of a row
   */
  static Checks of(TableDef table, Schemas tables) {
    List<Generated> generated = new ArrayList<>();
    List<Check> checks = new ArrayList<>();
    boolean brief = true;
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDef column = table.columns().get(i);
      if (column.generatedSql() != null) {
        RowExpression value = RowExpression.of(column, table, tables);
        generated.add(new Generated(i, value.expression()));
        brief &= value.isShort();
      }
    }
    for (CheckDef definition : table.checks()) {
      RowExpression condition = RowExpression.of(definition, table, tables);
      List<Integer> columns = RelOptUtil.InputFinder.bits(condition.node()).asList();
      checks.add(new Check(definition, condition.expression(), columns));
      brief &= condition.isShort();
    }
    return generated.isEmpty() && checks.isEmpty()
        ? NONE
        : new Checks(List.copyOf(generated), List.copyOf(checks), brief);
  }

  /** Whether their time does not grow beyond the size of a row's values. */
  boolean areShort() {
    return brief;
  }

  /** For the rows that one execution makes. */
  RowChecks in(ExecutionContext context, TableCodec codec) {
    if (generated.isEmpty() && checks.isEmpty()) {
      return RowChecks.NONE;
    }
    Frame frame = new Frame(context, List.of(), codec.rows());
    return new RowChecks() {
      @Override
      public void complete(@Nullable Object[] values) {
        if (!generated.isEmpty()) {
          generated.forEach(column -> values[column.ordinal] = null);
          frame.moveTo(codec.rows().encode(values));
          for (Generated column : generated) {
            values[column.ordinal] = generate(column, codec.definition(), frame);
          }
        }
      }

      @Override
      public void check(Row row) {
        frame.moveTo(row);
        for (Check check : checks) {
          if (Boolean.FALSE.equals(evaluate(check, codec.definition(), frame))) {
            throw violated(check, codec.definition(), frame);
          }
        }
      }
    };
  }

  private static @Nullable Object generate(Generated column, TableDef table, Frame frame) {
    Object value;
    try {
      value = column.value.evaluate(frame);
    } catch (RuntimeException e) {
      SqlFailure failure = Failures.running(e);
      throw new SqlFailure(
          failure.state(),
          "generated column \""
              + table.columns().get(column.ordinal).name()
              + "\" of table "
              + ShownValues.name(table)
              + " cannot be computed: "
              + failure.getMessage(),
          failure);
    }
    return Conversion.assign(value, table, column.ordinal);
  }

  private static @Nullable Object evaluate(Check check, TableDef table, Frame frame) {
    try {
      return check.condition.evaluate(frame);
    } catch (RuntimeException e) {
      SqlFailure failure = Failures.running(e);
      throw new SqlFailure(
          failure.state(),
          named(check)
              + " of table "
              + ShownValues.name(table)
              + " cannot be told for "
              + values(check, table, frame)
              + ": "
              + failure.getMessage(),
          failure);
    }
  }

  private static SqlFailure violated(Check check, TableDef table, Frame frame) {
    return new SqlFailure(
        State.CHECK_VIOLATION,
        "row of table "
            + ShownValues.name(table)
            + " violates "
            + named(check)
            + " ("
            + RowExpression.shown(check.definition.sql())
            + "): "
            + values(check, table, frame));
  }

  private static String named(Check check) {
    return "check constraint \"" + check.definition.name() + "\"";
  }

  private static String values(Check check, TableDef table, Frame frame) {
    return ShownValues.of(table, check.columns, frame::column);
  }
}
