package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.plan.RandomTables.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random statements, each with several sets of literals: what the planner makes of them, which
 * keeps plans for other literals too, does what a plan does that is made for the one text.
 */
final class LiteralPlansEqualityTest {
  private static final int TEMPLATES = 40;
  private static final int TEXTS = 5;
  private static final int STATEMENTS = 1_500;
  private static final int STATEMENTS_LONG = 400_000;

  @Test
  void a_shared_plan_does_what_one_of_its_own_does() {
    assertSame(1, STATEMENTS);
  }

  @Tag("slow")
  @Test
  void a_shared_plan_does_what_one_of_its_own_does_for_long() {
    assertSame(1_000_000, STATEMENTS_LONG);
  }

  private static void assertSame(long firstSeed, int statements) {
    int shared = 0;
    int done = 0;
    int count = 0;
    for (long seed = firstSeed; count < statements; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      TestDatabase database = new TestDatabase();
      RandomTables tables = new RandomTables(random, database);
      for (int i = 0; i < TEMPLATES; i++) {
        Table table = tables.tables().get(random.nextInt(tables.tables().size()));
        RandomStatement statement = new RandomStatement(random, table);
        for (int text = 0; text < TEXTS; text++) {
          String sql = statement.next();
          List<@Nullable Object> parameters = statement.parameters();
          String expected = alone(database, sql, parameters);
          Plan[] plan = new Plan[1];
          String outcome = outcome(database, () -> plan[0] = plan(database, sql), parameters);
          assertThat(outcome)
              .as("SEED=%s, %s\n%s", seed, sql, tables.described())
              .isEqualTo(expected);
          count++;
          boolean bound = plan[0] instanceof BoundQuery || plan[0] instanceof BoundChange;
          shared += bound ? 1 : 0;
          done += bound && !outcome.startsWith("fails") ? 1 : 0;
        }
      }
    }
    assertThat(shared).isGreaterThan(count / 10);
    assertThat(done).isGreaterThan(shared / 4);
  }

  private interface Planning {
    Plan plan();
  }

  private static Plan plan(TestDatabase database, String sql) {
    return database.planner().plan(database.catalog(), Catalog.DEFAULT_SCHEMA, sql);
  }

  private static String alone(
      TestDatabase database, String sql, List<@Nullable Object> parameters) {
    Schemas schemas = PlainPlan.schemas(database).until(CancelFlag.NEVER);
    return outcome(
        database,
        () -> {
          try {
            return CalcitePlanner.make(schemas, Catalog.DEFAULT_SCHEMA, StatementParser.parse(sql));
          } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
            throw Failures.planning(e);
          }
        },
        parameters);
  }

  private static String outcome(
      TestDatabase database, Planning planning, List<@Nullable Object> parameters) {
    try {
      Plan plan = planning.plan();
      return plan.parameters() + "\n" + run(plan, context(database, parameters));
    } catch (SqlFailure e) {
      // Rows of VALUES share a type, so that 1 becomes 1.00 beside 2.00; a shared plan need not.
      String message = String.valueOf(e.getMessage());
      return "fails: " + e.state() + " " + message.replaceAll("(\\d)\\.0+\\b", "$1");
    }
  }

  /** Whose chance is the same each time. */
  private static ExecutionContext context(
      TestDatabase database, List<@Nullable Object> parameters) {
    return new ExecutionContext(
        database.view(),
        database.catalog(),
        parameters,
        "tester",
        () -> "token",
        TestDatabase.NOW,
        new SplittableRandom(7),
        SystemTables.NONE,
        1 << 30,
        CancelFlag.NEVER);
  }

  private static String run(Plan plan, ExecutionContext context) {
    List<String> rows = new ArrayList<>();
    if (plan instanceof Plan.Query query) {
      try (RowCursor cursor = query.open(context)) {
        for (@Nullable Object[] row = cursor.next(); row != null; row = cursor.next()) {
          rows.add(RandomTables.shown(row).toString());
        }
      }
      return query.columns() + "\n" + rows.stream().sorted().collect(Collectors.joining("\n"));
    }
    Plan.Change change = (Plan.Change) plan;
    Plan.Changes changes =
        change.evaluate(
            context,
            new InsertedRows() {
              @Override
              public void row(TableDef table, @Nullable Object[] row) {}

              @Override
              public void returned(@Nullable Object[] row) {
                rows.add(RandomTables.shown(row).toString());
              }
            });
    return change.returning() + "\n" + rows + "\n" + changes;
  }
}
