package io.quorate.server.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * What this process has used so far; the difference of two is what lay between. Linux only.
 *
 * @param allocatedBytes by the threads that live
 * @param readWriteCalls of the read and write families, sockets included; syncs are not
 * @param waits how often a thread gave up its processor to wait: one a hand-off, about
 */
record Costs(
    long cpuNanos, long allocatedBytes, long readWriteCalls, long waits, long gcs, long gcMillis) {
  private static final AtomicLong LONGEST_GC_MILLIS = new AtomicLong();

  /** Begins to watch for the longest collection. */
  static void watchCollections() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, handback) -> {
                long millis =
                    GarbageCollectionNotificationInfo.from(
                            (CompositeData) notification.getUserData())
                        .getGcInfo()
                        .getDuration();
                LONGEST_GC_MILLIS.accumulateAndGet(millis, Math::max);
              },
              null,
              null);
    }
  }

  /** The longest collection since the last call. */
  static long takeLongestGcMillis() {
    return LONGEST_GC_MILLIS.getAndSet(0);
  }

  static Costs now() {
    try {
      return new Costs(
          ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getProcessCpuTime(),
          allocated(),
          sum(Path.of("/proc/self/io"), "syscr:", "syscw:"),
          voluntarySwitches(),
          collectors().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum(),
          collectors().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<GarbageCollectorMXBean> collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream();
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static long voluntarySwitches() throws IOException {
    long waits = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        waits += sum(task.resolve("status"), "voluntary_ctxt_switches:");
      }
    }
    return waits;
  }

  private static long sum(Path file, String... keys) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    long sum = 0;
    for (String line : Files.readAllLines(file)) {
      for (String key : List.of(keys)) {
        if (line.startsWith(key)) {
          sum += Long.parseLong(line.substring(key.length()).trim());
        }
      }
    }
    return sum;
  }

  Costs since(Costs earlier) {
    return new Costs(
        cpuNanos - earlier.cpuNanos,
        allocatedBytes - earlier.allocatedBytes,
        readWriteCalls - earlier.readWriteCalls,
        waits - earlier.waits,
        gcs - earlier.gcs,
        gcMillis - earlier.gcMillis);
  }
}
