package io.quorate.server.tx;

import io.quorate.server.lang.Deadline;
import io.quorate.server.tx.Evaluation.Evaluated;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.SequenceValues;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.CalcitePlanner;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowLocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Statements for {@link Transactions} as the real planner plans them. Thread-safe. */
final class PlannedSql {
  private final CatalogReader catalogs = new CatalogReader();
  private final CalcitePlanner planner = new CalcitePlanner(table -> 10, SystemTables.NONE);

  Catalog catalog(ReadView view) {
    return catalogs.read(view);
  }

  Evaluation change(String sql, List<@Nullable Object> parameters) {
    return (view, sequences) -> {
      Catalog catalog = catalogs.read(view);
      Plan.Change change = (Plan.Change) planner.plan(catalog, Catalog.DEFAULT_SCHEMA, sql);
      return new Evaluated(catalog, change.evaluate(context(view, catalog, parameters)));
    };
  }

  /** SELECT … FOR UPDATE: tells the first value of each row, those of the last evaluation. */
  Evaluation locking(String sql, List<Object> told) {
    return new Evaluation() {
      @Override
      public Evaluated evaluate(ReadView view, SequenceValues sequences) {
        return evaluate(view, sequences, RowLocks.NONE);
      }

      @Override
      public Evaluated evaluate(ReadView view, SequenceValues sequences, RowLocks locks) {
        told.clear();
        Catalog catalog = catalogs.read(view);
        Plan.Change change = (Plan.Change) planner.plan(catalog, Catalog.DEFAULT_SCHEMA, sql);
        return new Evaluated(
            catalog,
            change.evaluate(
                context(view, catalog, List.of()).with(locks),
                new InsertedRows() {
                  @Override
                  public void row(TableDef table, @Nullable Object[] values) {
                    throw new AssertionError("no row comes");
                  }

                  @Override
                  public void returned(@Nullable Object[] values) {
                    told.add(Objects.requireNonNull(values[0]));
                  }
                }));
      }
    };
  }

  Redefining definition(String sql) {
    return view -> {
      Catalog catalog = catalogs.read(view);
      Plan.Definition definition =
          (Plan.Definition) planner.plan(catalog, Catalog.DEFAULT_SCHEMA, sql);
      return definition.evaluate(context(view, catalog, List.of()));
    };
  }

  /** The first value of the first row. */
  long number(ReadView view, String sql) {
    Catalog catalog = catalogs.read(view);
    Plan.Query query = (Plan.Query) planner.plan(catalog, Catalog.DEFAULT_SCHEMA, sql);
    try (RowCursor rows = query.open(context(view, catalog, List.of()))) {
      return (Long) Objects.requireNonNull(Objects.requireNonNull(rows.next())[0]);
    }
  }

  private static ExecutionContext context(
      ReadView view, Catalog catalog, List<@Nullable Object> parameters) {
    return new ExecutionContext(
        view,
        catalog,
        parameters,
        "tester",
        () -> "",
        Instant.EPOCH,
        new SplittableRandom(0),
        SystemTables.NONE,
        1 << 30,
        CancelFlag.NEVER);
  }

  static Control control() {
    return new Control(Deadline.after(Duration.ofMinutes(3), System::nanoTime), CancelFlag.NEVER);
  }
}
