package io.quorate.server.cluster.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Appends of one batch of 200 B entries, each with its sync, to the temporary directory's disk. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class WriteAheadLogBenchmark {
  private static final int ENTRY_BYTES = 200;

  /** Bounds the space used: about ten segments. */
  private static final long KEPT_ENTRIES = 2_000_000;

  @Param({"1", "16", "64", "256"})
  public int batch;

  private final ByteBuffer payload = ByteBuffer.allocate(ENTRY_BYTES);
  private final ExecutorService preallocation = Executors.newSingleThreadExecutor();
  private Path directory;
  private WriteAheadLog log;
  private long next = 1;

  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("wal");
    log =
        new WriteAheadLog(
            new DirectoryDisk(directory), WalConfig.defaults(), preallocation, failure -> {});
    log.open();
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    log.close();
    preallocation.shutdown();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  @TearDown(Level.Iteration)
  public void giveUpPrefix() throws IOException {
    log.truncatePrefix(Math.max(log.firstIndex(), next - KEPT_ENTRIES));
  }

  @Benchmark
  public long append() throws IOException {
    List<Entry> entries = new ArrayList<>(batch);
    for (int i = 0; i < batch; i++) {
      entries.add(new Entry(next++, 1, false, payload));
    }
    log.append(entries);
    return next;
  }
}
