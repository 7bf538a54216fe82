package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.tx.Evaluation.Evaluated;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.SequenceValues;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.StoreChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values of an identity column on the node that leads. A row's key is a name of its own, so that
 * nothing but the counter keeps two rows from having one value.
 */
@Timeout(60)
final class SequenceValuesTest {
  private static final int COUNTER = 900;

  /** Blocks of 31: borders between them come often. */
  private static final ColumnDef COLUMN =
      new ColumnDef(
          "ID",
          SqlType.of(SqlType.Name.SMALLINT),
          false,
          null,
          new IdentityDef(COUNTER, true, 1, 1));

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private LocalReplica local;
  private Transactions transactions;
  private long term = 1;
  private long ownClient = 77;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    // Requests without a name must not be taken for those before a restart.
    ownClient++;
    transactions =
        new Transactions(
            local.replica(), Rows::catalog, TxConfig.DEFAULT, System::nanoTime, ownClient);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    local.close();
  }

  /** One row by name; its value is the last that was taken, or all of them. */
  private static final class Insert implements Evaluation {
    private final String name;
    private final int count;
    volatile List<Long> taken = List.of();

    Insert(String name, int count) {
      this.name = name;
      this.count = count;
    }

    @Override
    public Evaluated evaluate(ReadView view, SequenceValues sequences) {
      List<Long> values = new ArrayList<>();
      List<StoreChange> changes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long value = sequences.next(COLUMN.generator());
        values.add(value);
        changes.add(
            new StoreChange(
                Rows.TABLE, Rows.key(name + "." + i), null, Rows.row(Long.toString(value))));
      }
      taken = List.copyOf(values);
      return new Evaluated(
          Rows.catalog(view), new Plan.Changes(count, changes, List.of(Rows.TABLE)));
    }
  }

  private static Control control() {
    return new Control(Deadline.after(Duration.ofSeconds(20), System::nanoTime), CancelFlag.NEVER);
  }

  private Written write(Insert insert, Request request) {
    return transactions.write(List.of(insert), request, control());
  }

  private static Request named(long sequence, boolean repeated) {
    return new Request(Optional.of(new RequestId(5, sequence)), 0, repeated);
  }

  private List<Long> stored() {
    try (ReadView view = local.replica().readView()) {
      return Rows.all(view).stream().map(row -> Long.parseLong(row.split("=", 2)[1])).toList();
    }
  }

  private long reservations() {
    try (ReadView view = local.replica().readView()) {
      return view.rowCount(COUNTER);
    }
  }

  private void nextLeadership() {
    term++;
    local.lead(term);
  }

  @Test
  void a_row_costs_no_entry_of_the_log_but_its_own() {
    long before = local.replica().applied().current();
    for (int i = 1; i <= 100; i++) {
      write(new Insert("r" + i, 1), Request.UNNAMED);
    }
    assertThat(local.replica().applied().current() - before).isEqualTo(100);
    assertThat(stored()).hasSize(100).doesNotHaveDuplicates();
    assertThat(reservations()).isEqualTo(1);
  }

  @Test
  void writes_that_need_the_same_reservation_do_not_wait_for_each_other() {
    local.hold();
    List<CompletableFuture<Written>> writes = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      CompletableFuture<Written> write =
          transactions.writeNow(new Insert("r" + i, 1), named(i, false));
      assertThat(write).as("write %s", i).isNotNull();
      writes.add(write);
    }
    local.letGo();
    writes.forEach(CompletableFuture::join);
    assertThat(stored()).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void more_rows_than_a_block_are_put_by_one_statement() {
    write(new Insert("many", 500), Request.UNNAMED);
    nextLeadership();
    write(new Insert("more", 500), Request.UNNAMED);
    assertThat(stored()).hasSize(1000).doesNotHaveDuplicates();
  }

  @Test
  void a_value_that_an_open_transaction_was_told_is_not_given_again() {
    Set<Long> told = new TreeSet<>();
    for (int i = 0; i < 3; i++) {
      Transaction transaction = transactions.begin();
      Insert insert = new Insert("lost" + i, 40);
      transaction.write(List.of(insert), control());
      assertThat(insert.taken).noneMatch(told::contains);
      told.addAll(insert.taken);
      nextLeadership();
      assertThatThrownBy(() -> transaction.commit(Request.UNNAMED, control()))
          .isInstanceOfSatisfying(
              QuorateException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.WRITE_CONFLICT));
    }
    write(new Insert("kept", 40), Request.UNNAMED);
    assertThat(stored()).hasSize(40).noneMatch(told::contains);
  }

  @Test
  void a_statement_of_a_transaction_waits_for_the_log_once_a_block() {
    Transaction transaction = transactions.begin();
    long before = local.replica().applied().current();
    for (int i = 0; i < 31; i++) {
      transaction.write(List.of(new Insert("r" + i, 1)), control());
    }
    assertThat(local.replica().applied().current() - before).isEqualTo(1);
    transaction.write(List.of(new Insert("next", 1)), control());
    assertThat(local.replica().applied().current() - before).isEqualTo(2);
    transaction.commit(Request.UNNAMED, control());
    assertThat(stored()).hasSize(32).doesNotHaveDuplicates();
  }

  @Test
  void a_transaction_whose_reservation_is_in_doubt_goes_on() {
    Transaction transaction = transactions.begin();
    local.hold();
    CompletableFuture<Object> statement =
        CompletableFuture.supplyAsync(
            () -> transaction.write(List.of(new Insert("a", 1)), control()), threads);
    await("the log is a thread of its own").until(() -> local.heldCount() == 1);
    local.losesSight();
    assertThatThrownBy(statement::join)
        .cause()
        .isInstanceOfSatisfying(
            QuorateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    transaction.write(List.of(new Insert("b", 1)), control());
    transaction.commit(Request.UNNAMED, control());
    assertThat(stored()).hasSize(1);
  }

  @Test
  void a_repeated_request_puts_no_other_row() {
    Written first = write(new Insert("a", 1), named(1, false));
    assertThat(write(new Insert("b", 1), named(1, true))).isEqualTo(first);
    nextLeadership();
    assertThat(write(new Insert("c", 1), named(1, true))).isEqualTo(first);
    assertThat(stored()).hasSize(1);
  }

  /** Sessions at once, on all three roads. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void concurrent_sessions_get_different_values(long seed) {
    Set<Long> told = new ConcurrentSkipListSet<>();
    AtomicLong count = new AtomicLong();
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int worker = 0; worker < 6; worker++) {
      int number = worker;
      Random random = new Random(seed * 31 + worker);
      workers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 1; i <= 60; i++) {
                  Insert insert = new Insert("w" + number + "-" + i, 1 + random.nextInt(5));
                  put(insert, new RequestId(100L + number, i), random);
                  for (long value : insert.taken) {
                    assertThat(told.add(value)).as("SEED=%s: %s twice", seed, value).isTrue();
                    count.incrementAndGet();
                  }
                }
              },
              threads));
    }
    workers.forEach(CompletableFuture::join);
    assertThat(stored()).as("SEED=%s", seed).hasSize((int) count.get()).doesNotHaveDuplicates();
  }

  private void put(Insert insert, RequestId id, Random random) {
    Request request = new Request(Optional.of(id), 0, false);
    if (random.nextInt(3) == 0) {
      try (Transaction transaction = transactions.begin()) {
        transaction.write(List.of(insert), control());
        transaction.commit(request, control());
      }
      return;
    }
    CompletableFuture<Written> begun =
        random.nextBoolean() ? transactions.writeNow(insert, request) : null;
    if (begun == null) {
      write(insert, request);
    } else {
      begun.join();
    }
  }

  /**
   * Leaderships that end with writes in the log, without them, or in doubt; restarts; transactions
   * that are left. Whatever a client was told, and whatever stands, has a value of its own.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void no_value_is_given_twice_whatever_happens(long seed) {
    Model model = new Model(new Random(seed));
    for (int step = 0; step < 120; step++) {
      model.step(step);
      assertThat(stored()).as("SEED=%s step %s", seed, step).doesNotHaveDuplicates();
    }
    List<Long> all = stored();
    assertThat(all).as("SEED=%s", seed).containsAll(model.acknowledged);
    assertThat(all).as("SEED=%s", seed).noneMatch(model.rolledBack::contains);
    assertThat(reservations()).as("SEED=%s", seed).isLessThan(10);
  }

  private final class Model {
    final Set<Long> acknowledged = new TreeSet<>();
    final Set<Long> rolledBack = new TreeSet<>();
    private final Random random;
    private long sequence;

    Model(Random random) {
      this.random = random;
    }

    void step(int step) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          Insert insert = insert();
          write(insert, Request.UNNAMED);
          told(insert, acknowledged);
        }
        case 2 -> transaction();
        case 3, 4 -> leadershipEnds();
        default -> {
          if (step % 3 == 0) {
            restart();
          }
        }
      }
    }

    private Insert insert() {
      sequence++;
      return new Insert("m" + sequence, random.nextInt(8) == 0 ? 70 : 1 + random.nextInt(12));
    }

    private void told(Insert insert, Set<Long> as) {
      for (long value : insert.taken) {
        assertThat(acknowledged).doesNotContain(value);
        assertThat(rolledBack).doesNotContain(value);
        as.add(value);
      }
    }

    private void transaction() {
      Transaction transaction = transactions.begin();
      List<Insert> inserts = List.of(insert(), insert());
      inserts.forEach(insert -> transaction.write(List.of(insert), control()));
      boolean commits = random.nextBoolean();
      if (commits) {
        transaction.commit(Request.UNNAMED, control());
      } else if (random.nextBoolean()) {
        nextLeadership();
      } else {
        transaction.rollback();
      }
      inserts.forEach(insert -> told(insert, commits ? acknowledged : rolledBack));
    }

    private void leadershipEnds() {
      local.hold();
      TreeMap<Long, Insert> under = new TreeMap<>();
      List<CompletableFuture<Written>> writes = new ArrayList<>();
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        Insert insert = insert();
        CompletableFuture<Written> write = transactions.writeNow(insert, named(sequence, false));
        assertThat(write).isNotNull();
        under.put(sequence, insert);
        writes.add(write);
      }
      switch (random.nextInt(3)) {
        case 0 -> local.letGo();
        case 1 -> local.losesSight();
        default -> {
          term++;
          local.epochBegins(term);
          local.letGo();
        }
      }
      nextLeadership();
      int number = 0;
      for (var each : under.entrySet()) {
        settle(each.getKey(), each.getValue(), writes.get(number++));
      }
    }

    /** What a client does: asks under the same name where it was not told what came of it. */
    private void settle(long name, Insert first, CompletableFuture<Written> write) {
      QuorateException failure = failure(write);
      if (failure == null) {
        told(first, acknowledged);
        return;
      }
      long before = stored().size();
      Insert again = new Insert("again" + name, 1);
      write(again, named(name, true));
      boolean ranNow = stored().size() > before;
      assertThat(ranNow).isEqualTo(failure.code() == ErrorCode.NO_LEADER);
      told(ranNow ? again : first, acknowledged);
    }

    private @Nullable QuorateException failure(CompletableFuture<Written> write) {
      try {
        write.join();
        return null;
      } catch (CompletionException e) {
        return (QuorateException) e.getCause();
      }
    }

    private void restart() {
      local.close();
      open();
      nextLeadership();
    }
  }
}
