package io.quorate.server.store;

import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.RowKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A table of a million rows of 100 bytes, warm, with the checkpointer running. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
@Fork(value = 1, jvmArgs = "-Xmx3g")
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class MvEngineBenchmark {
  private static final int ROWS = 1_000_000;
  private static final int TABLE = 1;

  private final SplittableRandom random = new SplittableRandom(1);
  private Path directory;
  private MvEngine engine;
  private Checkpointer checkpointer;
  private StoreView view;
  private long revision;

  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("quorate-bench");
    StoreConfig config = StoreConfig.of(directory.resolve("store.mv")).withCacheMebibytes(1_000);
    engine = new MvEngine(config, entries -> {}, Throwable::printStackTrace);
    engine.open();
    checkpointer =
        new Checkpointer(engine, Duration.ofSeconds(5), Thread::new, Throwable::printStackTrace);
    checkpointer.open();
    for (int i = 0; i < ROWS; i += 1_000) {
      int first = i;
      engine.apply(
          ++revision,
          writer -> {
            for (int row = first; row < first + 1_000; row++) {
              writer.put(TABLE, key(row), row(row));
            }
          });
    }
    engine.publish();
    engine.checkpoint();
    view = engine.openView();
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
  public void applyOneRow() {
    engine.apply(++revision, writer -> writer.put(TABLE, key(random.nextInt(ROWS)), row(1)));
    engine.publish();
  }

  @Benchmark
  public void applyTenRows() {
    engine.apply(
        ++revision,
        writer -> {
          for (int i = 0; i < 10; i++) {
            writer.put(TABLE, key(random.nextInt(ROWS)), row(i));
          }
        });
    engine.publish();
  }

  @Benchmark
  public Object findOne() {
    return view.find(TABLE, RowKey.wrap(key(random.nextInt(ROWS))));
  }

  @Benchmark
  public long rangeOfHundred() {
    int from = random.nextInt(ROWS - 100);
    RowCursor cursor =
        view.scan(
            TABLE, Optional.of(RowKey.wrap(key(from))), Optional.of(RowKey.wrap(key(from + 100))));
    long bytes = 0;
    while (cursor.next()) {
      bytes += cursor.row().unsafeBytes().length;
    }
    return bytes;
  }

  @Benchmark
  public long openAndCloseView() {
    try (StoreView opened = engine.openView()) {
      return opened.revision();
    }
  }

  private static byte[] key(int row) {
    return ByteBuffer.allocate(Long.BYTES).putLong(row ^ Long.MIN_VALUE).array();
  }

  private static byte[] row(int seed) {
    byte[] row = new byte[100];
    for (int i = 0; i < row.length; i += 8) {
      row[i] = (byte) (seed >>> i);
    }
    return row;
  }
}
