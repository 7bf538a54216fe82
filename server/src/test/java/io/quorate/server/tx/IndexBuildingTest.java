package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.IndexBuild;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an index is to others while it is being built, and when its building ends early. */
@Timeout(60)
final class IndexBuildingTest {
  private static final TxConfig CONFIG =
      new TxConfig(Duration.ofMillis(200), Duration.ofMinutes(5), 100);

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final PlannedSql planned = new PlannedSql();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private LocalReplica local;
  private Transactions transactions;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), planned::catalog, CONFIG, System::nanoTime, 77);
    define("CREATE TABLE t (id INT PRIMARY KEY, k INT, note VARCHAR(9))");
    write("INSERT INTO t (id, k) VALUES (1, 10), (2, 20), (3, 30)");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    local.close();
  }

  @Test
  void writers_go_on_and_keep_it_and_no_reader_knows_it() {
    CompletableFuture<Void> building = beginAndStop("CREATE INDEX i ON t (k)");
    write("INSERT INTO t (id, k) VALUES (4, 40)");
    write("UPDATE t SET k = 21 WHERE id = 2");
    write("DELETE FROM t WHERE id = 3");
    assertThat(table().indexes()).isEmpty();
    assertThat(entryCount()).isEqualTo(2);
    look();
    goOn.countDown();
    building.join();
    assertThat(table().indexes()).extracting(index -> index.name()).containsExactly("I");
    assertThat(table().building()).isNull();
    look();
  }

  @Test
  void a_row_whose_writer_left_its_key_alone_gets_its_entry() {
    CompletableFuture<Void> building = beginAndStop("CREATE UNIQUE INDEX i ON t (k)");
    write("UPDATE t SET note = 'seen' WHERE id = 1");
    write("DELETE FROM t WHERE id = 2");
    write("INSERT INTO t VALUES (2, 20, 'again')");
    write("UPDATE t SET k = 11 WHERE id = 3");
    write("UPDATE t SET k = 30 WHERE id = 3");
    goOn.countDown();
    building.join();
    assertThat(entryCount()).isEqualTo(3);
    look();
  }

  @Test
  void a_transaction_that_wrote_before_it_was_built_commits_after() {
    CompletableFuture<Void> building = beginAndStop("CREATE INDEX i ON t (k)");
    try (Transaction transaction = transactions.begin()) {
      transaction.write(
          List.of(planned.change("INSERT INTO t (id, k) VALUES (5, 50)", List.of())),
          PlannedSql.control());
      goOn.countDown();
      building.join();
      transaction.write(
          List.of(planned.change("INSERT INTO t (id, k) VALUES (6, 60)", List.of())),
          PlannedSql.control());
      transaction.commit(Request.UNNAMED, PlannedSql.control());
    }
    assertThat(entryCount()).isEqualTo(5);
    look();
  }

  @Test
  void a_key_that_comes_twice_meanwhile_is_refused_to_the_later() {
    CompletableFuture<Void> building = beginAndStop("CREATE UNIQUE INDEX i ON t (k)");
    write("INSERT INTO t (id, k) VALUES (4, 40)");
    assertFails(() -> write("INSERT INTO t (id, k) VALUES (5, 40)"), ErrorCode.UNIQUE_VIOLATION);
    goOn.countDown();
    building.join();
    look();
  }

  @Test
  void a_key_that_is_there_twice_ends_it_and_leaves_nothing() {
    write("INSERT INTO t (id, k) VALUES (4, 10)");
    TableDef before = table();
    assertFails(() -> define("CREATE UNIQUE INDEX i ON t (k)"), ErrorCode.UNIQUE_VIOLATION);
    assertThat(table()).isEqualTo(before);
    assertNothingBehind();
    write("INSERT INTO t (id, k) VALUES (5, 10)");
  }

  @Test
  void a_row_that_somebody_holds_for_too_long_ends_it_and_leaves_nothing() {
    CompletableFuture<Void> building = beginAndStop("CREATE INDEX i ON t (k)");
    try (Transaction transaction = transactions.begin()) {
      transaction.write(
          List.of(planned.change("UPDATE t SET k = 0 WHERE id = 1", List.of())),
          PlannedSql.control());
      goOn.countDown();
      assertFails(building::join, ErrorCode.LOCK_TIMEOUT);
    }
    // The transaction kept the table from those who drop it, too; the next who defines does it.
    define("CREATE SCHEMA s");
    assertThat(table().building()).isNull();
    assertNothingBehind();
  }

  @Test
  void one_that_ended_with_its_leadership_is_dropped_by_the_chore() {
    CompletableFuture<Void> building = beginAndStop("CREATE INDEX i ON t (k)");
    UnfinishedIndexes chore = new UnfinishedIndexes(transactions);
    chore.run();
    assertThat(table().building()).isNotNull();
    changeLeadership();
    goOn.countDown();
    assertThatThrownBy(building::join).isNotNull();
    write("INSERT INTO t (id, k) VALUES (4, 40)");
    assertThat(table().building()).isNotNull();
    look();
    chore.run();
    assertThat(table().building()).isNull();
    assertThat(table().indexes()).isEmpty();
    assertNothingBehind();
  }

  @Test
  void one_that_ended_with_its_leadership_is_dropped_by_the_next_definition() {
    CompletableFuture<Void> building = beginAndStop("CREATE INDEX i ON t (k)");
    changeLeadership();
    goOn.countDown();
    assertThatThrownBy(building::join).isNotNull();
    define("CREATE INDEX i ON t (id, k)");
    assertThat(table().building()).isNull();
    assertThat(table().indexes()).hasSize(1);
    look();
  }

  private void changeLeadership() {
    local.stopLeading();
    local.lead(2);
  }

  /** Begins it, and stops it before it has read its first rows. */
  private CompletableFuture<Void> beginAndStop(String sql) {
    CompletableFuture<Void> building =
        CompletableFuture.runAsync(() -> redefine(stopping(planned.definition(sql))), threads);
    await(begun);
    return building;
  }

  private Redefining stopping(Redefining statement) {
    return view -> {
      Plan.Redefinition made = statement.evaluate(view);
      return new Plan.Redefinition(
          made.preparation(),
          made.changes(),
          made.clearedTables(),
          made.tables(),
          made.build().map(Stopping::new));
    };
  }

  private final class Stopping implements IndexBuild {
    private final IndexBuild index;

    Stopping(IndexBuild index) {
      this.index = index;
    }

    @Override
    public int table() {
      return index.table();
    }

    @Override
    public int index() {
      return index.index();
    }

    @Override
    public Run run(ReadView view, Optional<RowKey> after, long bytesMax, Runnable check) {
      Run run = index.run(view, after, bytesMax, check);
      begun.countDown();
      await(goOn);
      return run;
    }

    @Override
    public List<StoreChange> missing(ReadView newest, List<Indexed> rows) {
      return index.missing(newest, rows);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private TableDef table() {
    try (ReadView view = local.replica().readView()) {
      return table(view);
    }
  }

  private TableDef table(ReadView view) {
    return planned.catalog(view).find(Catalog.DEFAULT_SCHEMA, "T").orElseThrow();
  }

  private int entryCount() {
    try (ReadView view = local.replica().readView()) {
      TableDef table = table(view);
      int store = table.building() != null ? table.building().id() : table.indexes().get(0).id();
      return IndexAgreement.entries(view, store).size();
    }
  }

  private void look() {
    try (ReadView view = local.replica().readView()) {
      IndexAgreement.check(view, table(view));
    }
  }

  private void assertNothingBehind() {
    try (ReadView view = local.replica().readView()) {
      int next = planned.catalog(view).nextId();
      for (int store = table(view).id() + 1; store < next + 10; store++) {
        assertThat(view.rowCount(store)).as("store table %s", store).isZero();
      }
    }
  }

  private void write(String sql) {
    var unused =
        transactions.write(
            List.of(planned.change(sql, List.of())), Request.UNNAMED, PlannedSql.control());
  }

  private void define(String sql) {
    redefine(planned.definition(sql));
  }

  private void redefine(Redefining statement) {
    Control control =
        new Control(Deadline.after(Duration.ofSeconds(30), System::nanoTime), CancelFlag.NEVER);
    var unused = transactions.redefine(statement, Request.UNNAMED, control);
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .satisfies(failure -> assertThat(ErrorMapper.map(failure).code()).isEqualTo(code));
  }
}
