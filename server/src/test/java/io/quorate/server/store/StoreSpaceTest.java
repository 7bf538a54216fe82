package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the file of a store takes while rows at random are updated for long: the engine with its
 * checkpointer on a real disk. In the end it is opened again, and each row is what the writer wrote
 * last.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class StoreSpaceTest {
  private static final int MEBIBYTE = 1 << 20;

  /** How much of the file may be something else than rows. */
  private static final int TIMES_LIVE_MAX = 4;

  @TempDir Path directory;

  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** What a node has, a twelfth of the rows, a thirtieth of the rest. */
  @Test
  void a_small_store_stays_within_four_times_its_rows() throws Exception {
    StoreConfig config =
        StoreConfig.of(file())
            .withCacheMebibytes(4)
            .withUnsavedBytes(2 * MEBIBYTE, 4 * MEBIBYTE)
            .withReclaim(MEBIBYTE, Duration.ofMillis(50));
    run(config, Duration.ofMillis(50), new SpaceLoad(80L * MEBIBYTE), 20_000, 3);
  }

  @Test
  @Tag("slow")
  void a_store_stays_within_four_times_its_rows_at_a_steady_rate() throws Exception {
    int rate = Integer.getInteger("space.updates", 20_000);
    int seconds = Integer.getInteger("space.seconds", 600);
    SpaceLoad load = new SpaceLoad(liveBytes());
    run(ofNode(), Duration.ofSeconds(5), load, rate, seconds);
    assertThat(load.updates()).isGreaterThanOrEqualTo(rate * (seconds - 1L));
  }

  @Test
  @Tag("slow")
  void a_store_stays_bounded_at_the_highest_rate() throws Exception {
    run(
        ofNode(),
        Duration.ofSeconds(5),
        new SpaceLoad(liveBytes()),
        Integer.MAX_VALUE,
        Integer.getInteger("space.seconds_full", 120));
  }

  private static long liveBytes() {
    return Long.getLong("space.live_mebibytes", 1024) * MEBIBYTE;
  }

  /** As a node has it by default: a quarter of the heap is the cache. */
  private StoreConfig ofNode() {
    long heap = Runtime.getRuntime().maxMemory();
    return StoreConfig.of(file()).withCacheMebibytes((int) (heap / 4 / MEBIBYTE)).withinHeap(heap);
  }

  private Path file() {
    return directory.resolve("rows.mv");
  }

  private void run(StoreConfig config, Duration interval, SpaceLoad load, int rate, int seconds)
      throws Exception {
    List<SpaceLoad.Second> samples;
    try (MvEngine engine = new MvEngine(config, entries -> {}, failures::add)) {
      engine.open();
      try (Checkpointer checkpointer =
          new Checkpointer(engine, interval, Thread::new, failures::add)) {
        checkpointer.open();
        load.fill(engine);
        samples = load.update(engine, rate, Duration.ofSeconds(seconds));
      }
    }
    System.out.println("[space] " + load);
    assertThat(failures).isEmpty();
    assertThat(samples).hasSizeGreaterThanOrEqualTo(seconds);
    for (SpaceLoad.Second sample : samples) {
      assertThat(sample.fileBytes())
          .as("%s, live %d", sample, load.liveBytes())
          .isLessThanOrEqualTo(TIMES_LIVE_MAX * load.liveBytes());
    }
    assertThat(Files.size(file())).isLessThanOrEqualTo(TIMES_LIVE_MAX * load.liveBytes());
    try (MvEngine again = new MvEngine(config, entries -> {}, failures::add)) {
      assertThat(again.open()).isEqualTo(new Opened.Resumed(load.revision()));
      load.requireEveryRow(again);
    }
    assertThat(failures).isEmpty();
  }
}
