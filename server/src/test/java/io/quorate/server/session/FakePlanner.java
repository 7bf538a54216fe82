package io.quorate.server.session;

import io.quorate.server.tx.Evaluation;
import io.quorate.server.tx.Rows;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.plan.SessionCommand;
import io.quorate.sql.plan.SqlPlanner;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plans a language of few words on the table of {@link Rows}: {@code insert K V}, {@code add K N},
 * {@code delete K}, {@code insert ?} with key and value as parameters, {@code all}, {@code key K}
 * (a short query), {@code new} (a query that only the second version of the catalog knows), {@code
 * ddl}, and the session's words.
 */
final class FakePlanner implements SqlPlanner {
  private static final ResultColumn KEY =
      ResultColumn.computed("K", SqlType.of(SqlType.Name.VARCHAR));
  private static final ResultColumn VALUE =
      ResultColumn.computed("V", SqlType.of(SqlType.Name.VARCHAR));

  @Override
  public void authorize(Catalog catalog, String schema, String sql, String user) {
    // Everybody may.
  }

  @Override
  public Plan plan(Catalog catalog, String schema, String sql, CancelFlag cancel) {
    String[] words = sql.split(" ", 3);
    return switch (words[0]) {
      case "insert" ->
          words[1].equals("?") ? new Insert() : new Change(Rows.insert(words[1], words[2]));
      case "add" -> new Change(Rows.update(words[1], Rows.plus(Integer.parseInt(words[2]))));
      case "delete" -> new Change(Rows.delete(words[1]));
      case "all" -> new All();
      case "key" -> new One(Rows.key(words[1]));
      case "new" -> {
        if (catalog.version() == 0) {
          throw new SqlFailure(SqlFailure.State.TABLE_NOT_FOUND, "table \"new\" not found");
        }
        yield new All();
      }
      case "ddl" -> new Ddl();
      case "begin" ->
          new Plan.Session(new SessionCommand.Begin(words.length > 1, Optional.empty()));
      case "commit" -> new Plan.Session(new SessionCommand.Commit());
      case "rollback" -> new Plan.Session(new SessionCommand.Rollback());
      case "savepoint" ->
          new Plan.Session(new SessionCommand.Savepoint(SavepointStep.valueOf(words[1]), words[2]));
      case "set" -> new Plan.Session(new SessionCommand.Set(words[1], words[2]));
      case "show" ->
          new Plan.Session(
              new SessionCommand.Show(words.length > 1 ? Optional.of(words[1]) : Optional.empty()));
      default -> throw new SqlFailure(SqlFailure.State.SYNTAX_ERROR, "what is " + sql + "?");
    };
  }

  private record Change(Evaluation evaluation) implements Plan.Change {
    @Override
    public List<ResultColumn> parameters() {
      return List.of();
    }

    @Override
    public boolean isShort() {
      return true;
    }

    @Override
    public Plan.Changes evaluate(ExecutionContext context) {
      return evaluation.evaluate(context.view(), context.sequences()).changes();
    }
  }

  private record Insert() implements Plan.Change {
    @Override
    public List<ResultColumn> parameters() {
      return List.of(KEY, VALUE);
    }

    @Override
    public Plan.Changes evaluate(ExecutionContext context) {
      return evaluate(context, InsertedRows.IGNORED);
    }

    @Override
    public Plan.Changes evaluate(ExecutionContext context, InsertedRows inserted) {
      String key = String.valueOf(context.parameters().get(0));
      String value = String.valueOf(context.parameters().get(1));
      TableDef table =
          context.catalog().find("PUBLIC", "T" + context.catalog().version()).orElseThrow();
      inserted.row(table, new @Nullable Object[] {key});
      return Rows.insert(key, value).evaluate(context.view(), context.sequences()).changes();
    }
  }

  private record Ddl() implements Plan.Definition {
    @Override
    public List<ResultColumn> parameters() {
      return List.of();
    }

    @Override
    public Plan.Redefinition evaluate(ExecutionContext context) {
      return Rows.newVersion(List.of()).evaluate(context.view());
    }
  }

  private record One(RowKey key) implements Plan.Query {
    @Override
    public List<ResultColumn> parameters() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of(VALUE);
    }

    @Override
    public boolean isShort() {
      return true;
    }

    @Override
    public RowCursor open(ExecutionContext context) {
      Iterator<Row> found = context.view().find(Rows.TABLE, key).stream().iterator();
      return new RowCursor() {
        @Override
        public @Nullable Object @Nullable [] next() {
          context.cancel().check();
          return found.hasNext() ? new @Nullable Object[] {Rows.text(found.next())} : null;
        }

        @Override
        public void close() {}
      };
    }
  }

  private record All() implements Plan.Query {
    @Override
    public List<ResultColumn> parameters() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of(KEY, VALUE);
    }

    @Override
    public RowCursor open(ExecutionContext context) {
      ReadView.RowCursor rows = context.view().scan(Rows.TABLE, Optional.empty(), Optional.empty());
      return new RowCursor() {
        @Override
        public @Nullable Object @Nullable [] next() {
          context.cancel().check();
          return rows.next()
              ? new @Nullable Object[] {
                Rows.text(Row.wrap(rows.key().unsafeBytes())), Rows.text(rows.row())
              }
              : null;
        }

        @Override
        public void close() {}
      };
    }
  }
}
