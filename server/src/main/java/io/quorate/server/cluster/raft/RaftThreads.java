package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import com.alipay.sofa.jraft.util.concurrent.DefaultFixedThreadsExecutorGroupFactory;
import com.alipay.sofa.jraft.util.concurrent.FixedThreadsExecutorGroup;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * JRaft's pools, which are static in a JVM, bounded by us: its defaults grow to a hundred threads
 * and throw tasks away beyond.
 */
final class RaftThreads {
  /** One may be held for long by the copying of a snapshot, so there are a few more than cores. */
  private static final int CLOSURE_THREADS = 8;

  private static final int CLOSURES_QUEUED = 256 * 1024;
  private static final int SENDER_THREADS = 4;
  private static final int SENDS_QUEUED = 32 * 1024;

  private static final Set<String> GROUPS = ConcurrentHashMap.newKeySet();

  private RaftThreads() {}

  /** Gives the group a bounded pool for JRaft's callbacks; once a JVM. */
  static void bound(String group) {
    if (GROUPS.add(group)) {
      AtomicInteger number = new AtomicInteger();
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              CLOSURE_THREADS,
              CLOSURE_THREADS,
              10,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(CLOSURES_QUEUED),
              task -> {
                Thread thread = new Thread(task, "raft-closure-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
              });
      pool.allowCoreThreadTimeOut(true);
      ThreadPoolsFactory.registerThreadPool(group, pool);
    }
  }

  /**
   * The threads that run the answers to append messages. One set for each node: where JRaft's
   * handling of an answer throws, the replicator's lock stays with the thread, and whoever shared
   * the thread would wait for that lock too.
   */
  static FixedThreadsExecutorGroup senders() {
    return DefaultFixedThreadsExecutorGroupFactory.INSTANCE.newExecutorGroup(
        SENDER_THREADS, "raft-sender", SENDS_QUEUED, true);
  }
}
