package io.quorate.server.store;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.ColumnCondition;
import io.quorate.sql.codec.Comparison;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowBatch;
import io.quorate.sql.store.RowFilter;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A table of a million rows of eight columns, about 100 bytes, with an index, all pages in the
 * cache, the checkpointer running. One operation is one row, or where the name says so one write
 * set or view.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 1, jvmArgs = "-Xmx3g")
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class MvEngineBenchmark {
  private static final int ROWS = 1_000_000;
  private static final int ROWS_PER_LOAD = 1_000;
  private static final int ROWS_PER_WRITE = 10;
  private static final int INDEXED = 1;
  private static final int QUANTITY = 2;
  private static final int PRICE = 3;

  private static final TableCodec CODEC =
      new TableCodec(
          new TableDef(
              100,
              "PUBLIC",
              "ITEMS",
              List.of(
                  column("ID", SqlType.of(Name.BIGINT)),
                  column("CUSTOMER", SqlType.of(Name.INTEGER)),
                  column("QUANTITY", SqlType.of(Name.INTEGER)),
                  column("PRICE", new SqlType(Name.DECIMAL, 12, 2)),
                  column("SHIPPED", SqlType.of(Name.DATE)),
                  column("CHANGED", SqlType.of(Name.TIMESTAMP)),
                  column("STATE", SqlType.of(Name.VARCHAR)),
                  column("COMMENT", SqlType.of(Name.VARCHAR))),
              List.of(0),
              "ITEMS_PK",
              List.of(new IndexDef(101, "ITEMS_CUSTOMER", List.of(INDEXED), false, false))));

  private static final int TABLE = CODEC.definition().id();
  private static final int INDEX = CODEC.definition().indexes().get(0).id();
  private static final RowCodec COLUMNS = CODEC.rows();
  private static final KeyCodec KEYS = CODEC.keys();
  private static final BigDecimal PRICE_CHEAP = BigDecimal.TEN;
  private static final RowFilter CHEAP =
      COLUMNS.filter(
          List.of(
              new ColumnCondition<>(
                  PRICE,
                  false,
                  false,
                  List.of(new ColumnCondition.Compared<>(Comparison.LESS, PRICE_CHEAP)))));

  private final SplittableRandom random = new SplittableRandom(1);
  private Path directory;
  private MvEngine engine;
  private Checkpointer checkpointer;
  private StoreView view;
  private long revision;

  private static ColumnDef column(String name, SqlType type) {
    return new ColumnDef(name, type, true, null);
  }

  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("quorate-bench");
    StoreConfig config = StoreConfig.of(directory.resolve("store.mv")).withCacheMebibytes(1_000);
    engine = new MvEngine(config, entries -> {}, Throwable::printStackTrace);
    engine.open();
    checkpointer =
        new Checkpointer(engine, Duration.ofSeconds(5), Thread::new, Throwable::printStackTrace);
    checkpointer.open();
    load(true);
    engine.checkpoint();
    view = engine.openView();
  }

  private void load(boolean indexed) {
    for (int first = 0; first < ROWS; first += ROWS_PER_LOAD) {
      List<Change> changes = new ArrayList<>(2 * ROWS_PER_LOAD);
      for (int id = first; id < first + ROWS_PER_LOAD; id++) {
        for (StoreChange change : CODEC.changes(null, row(id))) {
          if (indexed || change.table() == TABLE) {
            changes.add(new Change(change.table(), change.key(), change.value()));
          }
        }
      }
      engine.apply(++revision, changes);
      engine.publish();
    }
  }

  private static @Nullable Object[] row(int id) {
    return new @Nullable Object[] {
      (long) id,
      id * 31 % 50_000,
      id % 50,
      BigDecimal.valueOf(id * 7L % 100_000, 2),
      LocalDate.ofEpochDay(10_000 + id % 4_000),
      LocalDateTime.ofEpochSecond(1_700_000_000L + id, 0, ZoneOffset.UTC),
      "STATE-" + id % 10,
      "a comment of some forty characters " + id
    };
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    view.close();
    checkpointer.close();
    engine.close();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  @Benchmark
  public @Nullable Object findOne() {
    return view.find(TABLE, key(random.nextInt(ROWS)))
        .map(row -> COLUMNS.value(row, QUANTITY))
        .orElseThrow();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanOneColumn() {
    return sumOfQuantities(view.scan(TABLE, Optional.empty(), Optional.empty()));
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanOneColumnBackward() {
    return sumOfQuantities(view.scanBackward(TABLE, Optional.empty(), Optional.empty()));
  }

  private static long sumOfQuantities(RowCursor rows) {
    long sum = 0;
    while (rows.next()) {
      sum += (Integer) Objects.requireNonNull(COLUMNS.value(rows.row(), QUANTITY));
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanOneColumnInBatches() {
    return sumOfQuantities(new RowBatch(RowFilter.ALL, RowBatch.ROWS_MAX));
  }

  /** One row in a hundred is kept, by a condition on another column. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanOneColumnWhere() {
    return sumOfQuantities(new RowBatch(CHEAP, RowBatch.ROWS_MAX));
  }

  /** The same by a look at the decoded column. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanOneColumnWhereDecoded() {
    long sum = 0;
    RowCursor rows = view.scan(TABLE, Optional.empty(), Optional.empty());
    while (rows.next()) {
      Object price = Objects.requireNonNull(COLUMNS.value(rows.row(), PRICE));
      if (((BigDecimal) price).compareTo(PRICE_CHEAP) < 0) {
        sum += (Integer) Objects.requireNonNull(COLUMNS.value(rows.row(), QUANTITY));
      }
    }
    return sum;
  }

  private long sumOfQuantities(RowBatch batch) {
    long sum = 0;
    RowCursor rows = view.scan(TABLE, Optional.empty(), Optional.empty());
    boolean more = true;
    while (more) {
      batch.clear();
      more = rows.fill(batch);
      for (int i = 0; i < batch.count(); i++) {
        sum += (Integer) Objects.requireNonNull(COLUMNS.value(batch.row(i), QUANTITY));
      }
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanAllColumns() {
    long sum = 0;
    RowCursor rows = view.scan(TABLE, Optional.empty(), Optional.empty());
    while (rows.next()) {
      sum += Objects.requireNonNull(COLUMNS.decode(rows.row())[QUANTITY]).hashCode();
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(100)
  public long rangeOfHundred() {
    int from = random.nextInt(ROWS - 100);
    return bytes(view.scan(TABLE, Optional.of(key(from)), Optional.of(key(from + 100))));
  }

  @Benchmark
  @OperationsPerInvocation(100)
  public long rangeOfHundredBackward() {
    int from = random.nextInt(ROWS - 100);
    return bytes(view.scanBackward(TABLE, Optional.of(key(from)), Optional.of(key(from + 100))));
  }

  private static long bytes(RowCursor rows) {
    long bytes = 0;
    while (rows.next()) {
      bytes += rows.row().unsafeBytes().length;
    }
    return bytes;
  }

  @Benchmark
  public long openAndCloseView() {
    try (StoreView opened = engine.openView()) {
      return opened.revision();
    }
  }

  /** As UPDATE does it, with one core: read, decode, encode, apply, publish. */
  @Benchmark
  @OperationsPerInvocation(ROWS_PER_WRITE)
  public void updateTenRows() {
    writeSet();
  }

  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public void latencyOfWriteSet() {
    writeSet();
  }

  /** Ten rows at random, of which a quarter get another place in the index. */
  private void writeSet() {
    List<Change> changes = new ArrayList<>(2 * ROWS_PER_WRITE);
    try (StoreView seen = engine.openView()) {
      for (int i = 0; i < ROWS_PER_WRITE; i++) {
        Row before = seen.find(TABLE, key(random.nextInt(ROWS))).orElseThrow();
        @Nullable Object[] after = COLUMNS.decode(before);
        after[QUANTITY] = random.nextInt(50);
        if (random.nextInt(4) == 0) {
          after[INDEXED] = random.nextInt(50_000);
        }
        for (StoreChange change : CODEC.changes(before, after)) {
          changes.add(new Change(change.table(), change.key(), change.value()));
        }
      }
    }
    engine.apply(++revision, changes);
    engine.publish();
  }

  /** A million rows into an empty table, in the order of the key, encoded here, and synced. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @Warmup(iterations = 2)
  @Measurement(iterations = 5)
  public void loadMillion() {
    loadEmpty(false);
  }

  /** The same with the entries of the index, whose order is another. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @Warmup(iterations = 2)
  @Measurement(iterations = 5)
  public void loadMillionIndexed() {
    loadEmpty(true);
  }

  private void loadEmpty(boolean indexed) {
    engine.apply(
        ++revision,
        writer -> {
          writer.clear(TABLE);
          writer.clear(INDEX);
        });
    load(indexed);
    engine.checkpoint();
  }

  private static RowKey key(int id) {
    return KEYS.encode(new @Nullable Object[] {(long) id});
  }
}
