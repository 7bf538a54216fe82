package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.StatementNode;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import io.quorate.sql.store.TreeMapView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StatementCompilerTest {
  private static final long MEMORY = 1 << 24;

  private final TreeMapView store = new TreeMapView();
  private final CatalogReader reader = new CatalogReader();

  private static Plan plan(String sql) {
    StatementNode node = (StatementNode) StatementParser.parse(sql);
    return StatementCompiler.compile(
        node.statement(), Catalog.DEFAULT_SCHEMA, PasswordVerifiers.NONE);
  }

  private ExecutionContext context(long memory, CancelFlag cancel) {
    return new ExecutionContext(
        store,
        reader.read(store),
        List.of(),
        "tester",
        () -> "token",
        Instant.EPOCH,
        new Random(7),
        SystemTables.NONE,
        memory,
        cancel);
  }

  private Plan.Redefinition evaluate(String sql) {
    return ((Plan.Definition) plan(sql)).evaluate(context(MEMORY, CancelFlag.NEVER));
  }

  /** Does what the transaction layer does; the number of batches. */
  private int run(String sql) {
    Plan.Redefinition redefinition = evaluate(sql);
    int batches = 0;
    while (redefinition.preparation().hasNext()) {
      store.apply(redefinition.preparation().next());
      batches++;
    }
    redefinition.clearedTables().forEach(store::clear);
    store.apply(redefinition.changes());
    return batches;
  }

  private TableDef table(String name) {
    return reader.read(store).find(Catalog.DEFAULT_SCHEMA, name).orElseThrow();
  }

  private void insert(String table, @Nullable Object... row) {
    store.apply(new TableCodec(table(table)).changes(null, row));
  }

  private List<RowKey> keys(int storeTable) {
    List<RowKey> keys = new ArrayList<>();
    ReadView.RowCursor cursor = store.scan(storeTable, Optional.empty(), Optional.empty());
    while (cursor.next()) {
      keys.add(cursor.key());
    }
    return keys;
  }

  private void assertFails(String sql, State state, String message) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> run(sql));
    assertThat(failure).hasMessage(message);
    assertThat(failure.state()).isEqualTo(state);
  }

  @Test
  void ddl_turns_one_catalog_into_the_next() {
    run("CREATE SCHEMA app");
    run("CREATE TABLE app.t (a INT PRIMARY KEY, b TEXT UNIQUE)");
    run("CREATE INDEX i ON app.t (b, a)");
    Catalog catalog = reader.read(store);
    assertThat(catalog.version()).isEqualTo(3);
    assertThat(catalog.find("APP", "T").orElseThrow().indexes()).hasSize(2);
    run("DROP INDEX app.i");
    run("DROP TABLE app.t");
    run("DROP SCHEMA app");
    assertThat(reader.read(store).schemas()).containsExactly("PUBLIC");
    assertThat(reader.read(store).version()).isEqualTo(6);
  }

  @Test
  void if_exists_and_if_not_exists_do_nothing_where_there_is_nothing_to_do() {
    run("CREATE TABLE t (a INT)");
    run("CREATE INDEX i ON t (a)");
    for (String sql :
        List.of(
            "CREATE TABLE IF NOT EXISTS t (b INT)",
            "CREATE INDEX IF NOT EXISTS i ON t (a)",
            "CREATE SCHEMA IF NOT EXISTS public",
            "CREATE SCHEMA IF NOT EXISTS system",
            "DROP TABLE IF EXISTS x",
            "DROP TABLE IF EXISTS nowhere.x",
            "DROP INDEX IF EXISTS x",
            "DROP SCHEMA IF EXISTS x")) {
      assertThat(evaluate(sql).changes()).describedAs(sql).isEmpty();
    }
  }

  @Test
  void failures_come_when_a_statement_is_evaluated() {
    run("CREATE TABLE t (a INT)");
    assertFails("CREATE TABLE t (a INT)", State.TABLE_EXISTS, "table \"PUBLIC.T\" exists already");
    assertFails("DROP TABLE x", State.TABLE_NOT_FOUND, "table \"PUBLIC.X\" not found");
    assertFails(
        "DROP TABLE IF EXISTS system.nodes",
        State.NOT_SUPPORTED,
        "schema SYSTEM is built in and cannot be changed");
    assertFails("CREATE INDEX i ON x (a)", State.TABLE_NOT_FOUND, "table \"PUBLIC.X\" not found");
    assertFails("DROP INDEX i", State.OBJECT_NOT_FOUND, "index \"PUBLIC.I\" not found");
  }

  @Test
  void a_dropped_table_keeps_its_writers_out_and_clears_its_store_tables() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE)");
    int id = table("T").id();
    Plan.Redefinition redefinition = evaluate("DROP TABLE t");
    assertThat(redefinition.tables()).containsExactly(id);
    assertThat(redefinition.clearedTables()).containsExactly(id, id + 1);
  }

  @Test
  void an_index_of_a_new_constraint_has_an_entry_for_each_row() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b TEXT)");
    for (int i = 0; i < 25_000; i++) {
      insert("T", i, i % 7 == 0 ? null : "b" + i % 100);
    }
    assertThat(run("ALTER TABLE t ADD CONSTRAINT i UNIQUE (b, a)")).isEqualTo(3);
    TableDef table = table("T");
    IndexCodec index = new TableCodec(table).indexes().get(0);
    assertThat(keys(index.definition().id())).hasSize(25_000).isSorted();
    RowKey expected =
        index.entryKey(
            new Object[] {14, null}, new TableCodec(table).keys().encode(new Object[] {14}));
    assertThat(keys(index.definition().id())).contains(expected);
  }

  @Test
  void batches_are_bounded_in_bytes() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b TEXT)");
    for (int i = 0; i < 40; i++) {
      insert("T", i, "x".repeat(100_000) + i);
    }
    assertThat(run("ALTER TABLE t ADD CONSTRAINT i UNIQUE (b)")).isEqualTo(4);
    IndexBuild online = evaluate("CREATE INDEX j ON t (b)").build().orElseThrow();
    IndexBuild.Run run = online.run(store, Optional.empty(), 1 << 20, () -> {});
    assertThat(run.rows()).hasSize(11);
    assertThat(run.rows())
        .extracting(IndexBuild.Indexed::entry)
        .isSortedAccordingTo(Comparator.naturalOrder());
  }

  @Test
  void an_index_on_a_table_without_rows_is_there_at_once() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    assertThat(evaluate("CREATE INDEX i ON t (b)").build()).isEmpty();
    run("CREATE INDEX i ON t (b)");
    assertThat(table("T").indexes()).hasSize(1);
  }

  @Test
  void a_unique_index_over_unequal_rows_is_made() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT)");
    for (int i = 0; i < 1000; i++) {
      insert("T", i, i / 2, i % 2);
    }
    insert("T", 1000, null, 1);
    insert("T", 1001, null, 1);
    run("ALTER TABLE t ADD CONSTRAINT i UNIQUE (b, c)");
    assertThat(store.rowCount(table("T").indexes().get(0).id())).isEqualTo(1002);
  }

  @Test
  void a_unique_index_over_equal_rows_fails_before_it_writes() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT)");
    for (int i = 0; i < 100; i++) {
      insert("T", i, i, 0);
    }
    insert("T", 100, 50, 0);
    long entries = store.rowCount(Catalog.STORE_TABLE);
    assertFails(
        "ALTER TABLE t ADD CONSTRAINT i UNIQUE (c, b)",
        State.UNIQUE_VIOLATION,
        "index \"I\" cannot be unique: rows of table \"PUBLIC.T\" have the same (C, B)=(0, 50)");
    assertThat(store.rowCount(reader.read(store).nextId())).isZero();
    assertThat(store.rowCount(Catalog.STORE_TABLE)).isEqualTo(entries);
  }

  @Test
  void comparing_keys_has_a_bound_on_memory() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    for (int i = 0; i < 1000; i++) {
      insert("T", i, i);
    }
    Plan.Redefinition redefinition =
        ((Plan.Definition) plan("ALTER TABLE t ADD CONSTRAINT i UNIQUE (b)"))
            .evaluate(context(1000, CancelFlag.NEVER));
    SqlFailure failure =
        catchThrowableOfType(SqlFailure.class, () -> redefinition.preparation().hasNext());
    assertThat(failure.state()).isEqualTo(State.OUT_OF_MEMORY);
  }

  @Test
  void a_cancelled_statement_stops_filling() {
    run("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    insert("T", 1, 1);
    CancelFlag cancelled =
        () -> {
          throw new SqlFailure(State.CANCELLED, "cancelled");
        };
    Plan.Redefinition redefinition =
        ((Plan.Definition) plan("ALTER TABLE t ADD CONSTRAINT i UNIQUE (b)"))
            .evaluate(context(MEMORY, cancelled));
    SqlFailure failure =
        catchThrowableOfType(SqlFailure.class, () -> redefinition.preparation().hasNext());
    assertThat(failure.state()).isEqualTo(State.CANCELLED);
  }

  @Test
  void a_change_of_the_catalog_says_what_it_saw() {
    run("CREATE TABLE t (a INT)");
    for (StoreChange change : evaluate("DROP TABLE t").changes()) {
      assertThat(Optional.ofNullable(change.seen()))
          .isPresent()
          .isEqualTo(store.find(change.table(), change.key()));
    }
  }

  @Test
  void words_to_the_session_are_passed_on() {
    assertThat(plan("SET Read_Level = 'LOCAL'"))
        .isEqualTo(new Plan.Session(new SessionCommand.Set("read_level", "LOCAL")));
    assertThat(plan("SHOW ALL"))
        .isEqualTo(new Plan.Session(new SessionCommand.Show(Optional.empty())));
    assertThat(plan("SHOW read_level"))
        .isEqualTo(new Plan.Session(new SessionCommand.Show(Optional.of("read_level"))));
    assertThat(plan("BEGIN READ ONLY"))
        .isEqualTo(new Plan.Session(new SessionCommand.Begin(true, Optional.empty())));
    assertThat(plan("COMMIT")).isEqualTo(new Plan.Session(new SessionCommand.Commit()));
    assertThat(plan("ROLLBACK")).isEqualTo(new Plan.Session(new SessionCommand.Rollback()));
    assertThat(plan("ROLLBACK TO a"))
        .isEqualTo(new Plan.Session(new SessionCommand.Savepoint(SavepointStep.ROLLBACK_TO, "A")));
  }
}
