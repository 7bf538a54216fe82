package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real file, the pipeline, and all the threads a node has. */
@Timeout(120)
final class MvEngineConcurrencyTest {
  private static final int ACCOUNTS = 2_000;
  private static final long TOTAL = 1_000_000;
  private static final int TABLE = 1;
  private static final int COPY = 2;

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /**
   * Each revision moves money between two rows and writes both to a second table too, so in any
   * view the sum is the same and the tables are equal.
   */
  @Test
  void views_are_whole_revisions_while_the_applier_and_checkpoints_run(@TempDir Path directory)
      throws Exception {
    StoreConfig config =
        StoreConfig.of(directory.resolve("store.mv"))
            .withCacheMebibytes(1)
            .withUnsavedBytes(1 << 20, 4 << 20)
            .withReclaim(0, Duration.ZERO);
    MvEngine engine = new MvEngine(config, entries -> {}, failures::add);
    engine.open();
    engine.apply(1, writer -> openAccounts(writer));
    engine.publish();
    Checkpointer checkpointer =
        new Checkpointer(engine, Duration.ofMillis(20), Thread::new, failures::add);
    checkpointer.open();
    AtomicBoolean applying = new AtomicBoolean(true);
    AtomicLong views = new AtomicLong();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(start(() -> readWhile(applying, engine, views)));
    }
    Random random = new Random(1);
    long[] balances = balances();
    for (long revision = 2; revision < 40_000; revision++) {
      move(random, balances, engine, revision);
      if (revision % 8 == 0) {
        engine.publish();
      }
    }
    applying.set(false);
    for (Thread reader : readers) {
      reader.join();
    }
    checkpointer.close();
    assertThat(engine.durableRevision()).isGreaterThan(1);
    engine.close();
    assertThat(failures).isEmpty();
    assertThat(views.get()).isGreaterThan(10);

    try (MvEngine again = new MvEngine(config, entries -> {}, failures::add)) {
      assertThat(again.open()).isEqualTo(new Opened.Resumed(39_999));
      try (StoreView view = again.openView()) {
        requireWhole(view);
      }
    }
  }

  @Test
  void an_interrupted_reader_hurts_nobody(@TempDir Path directory) throws Exception {
    StoreConfig config = StoreConfig.of(directory.resolve("store.mv")).withCacheMebibytes(1);
    MvEngine engine = new MvEngine(config, entries -> {}, failures::add);
    engine.open();
    byte[] row = new byte[1_000];
    for (int i = 0; i < 20_000; i++) {
      RowKey key = Model.key(i);
      engine.apply(i + 1, writer -> writer.put(TABLE, key.unsafeBytes(), row));
    }
    engine.publish();
    engine.checkpoint();
    Thread reader =
        start(
            () -> {
              Thread.currentThread().interrupt();
              readAll(engine);
            });
    reader.join();
    readAll(engine);
    engine.apply(30_000, writer -> writer.put(TABLE, new byte[] {1}, row));
    engine.checkpoint();
    assertThat(engine.durableRevision()).isEqualTo(30_000);
    engine.close();
    assertThat(failures).isEmpty();
  }

  @Test
  void a_checkpointer_reports_the_failure_that_ends_it(@TempDir Path directory) throws Exception {
    MvEngine engine =
        new MvEngine(
            StoreConfig.of(directory.resolve("store.mv")),
            entries -> {
              throw new IllegalStateException("a bug");
            },
            failures::add);
    engine.open();
    engine.apply(1, List.of());
    List<Thread> threads = new ArrayList<>();
    Checkpointer checkpointer =
        new Checkpointer(
            engine,
            Duration.ofMillis(1),
            work -> {
              Thread thread = new Thread(work);
              threads.add(thread);
              return thread;
            },
            failures::add);
    checkpointer.open();
    threads.get(0).join();
    checkpointer.close();
    engine.close();
    assertThat(failures).hasSize(2).allMatch(failure -> "a bug".equals(failure.getMessage()));
  }

  @Test
  void a_second_opening_of_the_file_is_refused(@TempDir Path directory) {
    StoreConfig config = StoreConfig.of(directory.resolve("store.mv"));
    try (MvEngine engine = new MvEngine(config, entries -> {}, failures::add)) {
      engine.open();
      engine.apply(1, List.of(new Change(1, Model.key(1), Row.wrap(new byte[1]))));
      MvEngine other = new MvEngine(config, entries -> {}, failures::add);
      assertThat(catchThrowable(other::open)).isInstanceOf(StoreFailedException.class);
      engine.checkpoint();
    }
    try (MvEngine again = new MvEngine(config, entries -> {}, failures::add)) {
      assertThat(again.open()).isEqualTo(new Opened.Resumed(1));
    }
  }

  private static void readAll(MvEngine engine) {
    try (StoreView view = engine.openView()) {
      assertThat(Model.rows(view, TABLE)).hasSizeGreaterThanOrEqualTo(20_000);
    }
  }

  private Thread start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setUncaughtExceptionHandler((unused, failure) -> failures.add(failure));
    thread.start();
    return thread;
  }

  private static void readWhile(AtomicBoolean applying, MvEngine engine, AtomicLong views) {
    long last = 0;
    while (applying.get()) {
      try (StoreView view = engine.openView()) {
        assertThat(view.revision()).isGreaterThanOrEqualTo(last);
        last = view.revision();
        requireWhole(view);
      }
      views.incrementAndGet();
    }
  }

  private static void requireWhole(StoreView view) {
    long sum = 0;
    RowCursor one = view.scan(TABLE, Optional.empty(), Optional.empty());
    RowCursor two = view.scan(COPY, Optional.empty(), Optional.empty());
    while (one.next()) {
      sum += ByteBuffer.wrap(one.row().unsafeBytes()).getLong();
      assertThat(two.next()).isTrue();
      assertThat(two.row()).isEqualTo(one.row());
    }
    assertThat(sum).isEqualTo(TOTAL);
    RowCursor back = view.scanBackward(COPY, Optional.empty(), Optional.empty());
    while (back.next()) {
      sum -= ByteBuffer.wrap(back.row().unsafeBytes()).getLong();
    }
    assertThat(sum).isZero();
    assertThat(view.rowCount(TABLE)).isEqualTo(ACCOUNTS);
  }

  private static long[] balances() {
    long[] balances = new long[ACCOUNTS];
    Arrays.fill(balances, TOTAL / ACCOUNTS);
    return balances;
  }

  private static void openAccounts(RowWriter writer) {
    for (int account = 0; account < ACCOUNTS; account++) {
      set(writer, account, TOTAL / ACCOUNTS);
    }
  }

  private static void move(Random random, long[] balances, MvEngine engine, long revision) {
    int from = random.nextInt(ACCOUNTS);
    int to = random.nextInt(ACCOUNTS);
    balances[from] -= 1;
    balances[to] += 1;
    engine.apply(
        revision,
        writer -> {
          set(writer, from, balances[from]);
          set(writer, to, balances[to]);
        });
  }

  private static void set(RowWriter writer, int account, long balance) {
    byte[] key = Model.key(account).unsafeBytes();
    byte[] row = ByteBuffer.allocate(100).putLong(balance).array();
    writer.put(TABLE, key, row);
    writer.put(COPY, key, row);
  }
}
