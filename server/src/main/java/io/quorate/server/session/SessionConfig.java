package io.quorate.server.session;

import java.time.Duration;

/**
 * The bounds of sessions.
 *
 * @param sessionsMax open at once
 * @param cursorsMax open at once in one session; each pins a view
 * @param sessionIdle a session that another member handed on and does not use for longer is closed;
 *     those of connections end with these
 * @param cursorIdle a cursor that nobody reads for longer is closed
 * @param memoryBytesMax what the operators of one statement may keep together
 * @param timeout of what has no timeout of its own: fetching, committing, describing
 * @param leaderWait how long a write waits for a leader, or for news of a write in doubt, and a
 *     read for a replica that applies late
 */
public record SessionConfig(
    int sessionsMax,
    int cursorsMax,
    Duration sessionIdle,
    Duration cursorIdle,
    long memoryBytesMax,
    Duration timeout,
    Duration leaderWait) {
  private static final long MEMORY_MIN = 16L << 20;
  private static final long MEMORY_MAX = 512L << 20;

  /** What a session may come to keep on average: settings, plans, some rows not fetched yet. */
  private static final long SESSION_BYTES = 64L << 10;

  private static final int SESSIONS_MIN = 2_000;
  private static final int SESSIONS_MAX = 1_000_000;

  /** An eighth of the heap for one statement: several large ones at once still fit. */
  public static SessionConfig forHeap(long heapBytes) {
    return new SessionConfig(
        (int) Math.max(SESSIONS_MIN, Math.min(SESSIONS_MAX, heapBytes / SESSION_BYTES)),
        256,
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        Math.max(MEMORY_MIN, Math.min(MEMORY_MAX, heapBytes / 8)),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10));
  }
}
