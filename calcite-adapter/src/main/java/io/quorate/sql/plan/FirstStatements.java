package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.store.ReadView;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** What a planner does before anybody asks, so that its classes are loaded by then. */
final class FirstStatements {
  private static final String KEY = "warm";

  /** What applications do most. */
  static final List<Sample> SHORT =
      List.of(
          new Sample("INSERT INTO KV VALUES (?, ?)", List.of(KEY, "1")),
          new Sample("UPDATE KV SET \"VALUE\" = \"VALUE\" || '1' WHERE \"KEY\" = ?", List.of(KEY)),
          new Sample("DELETE FROM KV WHERE \"KEY\" = ?", List.of(KEY)),
          new Sample("SELECT \"VALUE\" FROM KV WHERE \"KEY\" = ?", List.of(KEY)));

  static final Sample GENERAL =
      new Sample(
          "SELECT A.X, COUNT(*) FROM (VALUES (1, 2.5), (2, 3.5)) A(X, Y)"
              + " JOIN (VALUES (1, 'a')) B(X, Z) ON A.X = B.X"
              + " WHERE Y > 1 AND Z LIKE 'a%' GROUP BY A.X ORDER BY 1",
          List.of());

  private FirstStatements() {}

  /** A statement with its parameters. */
  record Sample(String sql, List<Object> parameters) {
    /** Works out its rows, or what it would change. */
    void run(Plan plan, ReadView view, Catalog catalog) {
      ExecutionContext context =
          new ExecutionContext(
              view,
              catalog,
              parameters,
              "",
              () -> "",
              Instant.EPOCH,
              new SplittableRandom(0),
              SystemTables.NONE,
              Integer.MAX_VALUE,
              CancelFlag.NEVER);
      if (plan instanceof Plan.Change change) {
        var unused = change.evaluate(context);
      } else {
        try (var rows = ((Plan.Query) plan).open(context)) {
          while (rows.next() != null) {
            // only run
          }
        }
      }
    }
  }
}
