package io.quorate.server.replica;

import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * The last requests applied and what came of them, so that a repeated one is answered and not run.
 *
 * <p>Bounded: the oldest is forgotten when a new one finds no room, and its revision becomes the
 * {@linkplain #floor floor}. A request says which revision its client had seen before it first sent
 * it (its base), and can only have been applied behind that. So a request that is not here and
 * whose base is at or above the floor has never run; with a base below the floor nobody can tell,
 * and it is refused. What is forgotten depends on the log alone and so is the same on every
 * replica.
 *
 * <p>Changed by the apply thread alone, which never waits: others may only {@link #look}, which
 * reads without a lock and reads again when it was disturbed. Costs 41 bytes a request, allocated
 * once: columns in arrays as a ring, and an open-addressing index of ring positions.
 */
final class RequestWindow {
  /** Bytes of one encoded request: client, sequence, revision, update count, outcome. */
  static final int ENCODED_BYTES = 4 * Long.BYTES + 1;

  private final int capacity;
  private final long[] clients;
  private final long[] sequences;
  private final long[] revisions;
  private final long[] updateCounts;
  private final byte[] outcomes;

  /**
   * Ring positions plus one, by hash of the request; 0 is free. A power of two, at most half full.
   */
  private final int[] slots;

  /** Held for writing while anything changes; nobody ever holds it for reading. */
  private final StampedLock changing = new StampedLock();

  private int head;
  private int size;
  private long floor;

  /**
   * @param capacity requests remembered, at least 1
   */
  RequestWindow(int capacity) {
    Invariant.check(capacity >= 1, "a request window holds at least one, not %s", capacity);
    this.capacity = capacity;
    this.clients = new long[capacity];
    this.sequences = new long[capacity];
    this.revisions = new long[capacity];
    this.updateCounts = new long[capacity];
    this.outcomes = new byte[capacity];
    this.slots = new int[Integer.highestOneBit(Math.max(2, capacity) - 1) << 2];
  }

  /** Revision of the youngest request that has been forgotten; 0 while none has. */
  long floor() {
    return floor;
  }

  int size() {
    return size;
  }

  /**
   * As {@link #find} from any thread, and with {@link Outcome.Code#EXPIRED} when the request may
   * have run and been forgotten.
   */
  Optional<Applied> look(RequestId request, long base) {
    while (true) {
      long stamp = changing.tryOptimisticRead();
      if (stamp != 0) {
        Applied found = find(request);
        boolean forgotten = base < floor;
        if (changing.validate(stamp)) {
          return found == null && forgotten
              ? Optional.of(new Applied(0, new Outcome(Outcome.Code.EXPIRED, 0)))
              : Optional.ofNullable(found);
        }
      }
      Thread.onSpinWait();
    }
  }

  /** What came of {@code request} when it was applied, if it is remembered. */
  @Nullable Applied find(RequestId request) {
    int slot = slotOf(request.client(), request.sequence());
    int held = slots[slot];
    if (held == 0) {
      return null;
    }
    int at = held - 1;
    return new Applied(revisions[at], new Outcome(Outcome.Code.of(outcomes[at]), updateCounts[at]));
  }

  /** Remembers a request that is not here yet; revisions rise. */
  void remember(RequestId request, long revision, Outcome outcome) {
    long stamp = changing.writeLock();
    try {
      add(
          request.client(),
          request.sequence(),
          revision,
          outcome.updateCount(),
          (byte) outcome.code().number());
    } finally {
      changing.unlockWrite(stamp);
    }
  }

  /** Replaces everything in one step, as a restart or a snapshot does. */
  void replace(Runnable filling) {
    long stamp = changing.writeLock();
    try {
      clear();
      filling.run();
    } finally {
      changing.unlockWrite(stamp);
    }
  }

  private void add(long client, long sequence, long revision, long updateCount, byte outcome) {
    Invariant.check(
        size == 0 || revision > youngestRevision(),
        "request at revision %s follows one at %s",
        revision,
        size == 0 ? 0 : youngestRevision());
    if (size == capacity) {
      forgetOldest();
    }
    int slot = slotOf(client, sequence);
    Invariant.check(slots[slot] == 0, "request %s of client %s is here already", sequence, client);
    int at = position(size);
    clients[at] = client;
    sequences[at] = sequence;
    revisions[at] = revision;
    updateCounts[at] = updateCount;
    outcomes[at] = outcome;
    slots[slot] = at + 1;
    size++;
  }

  private void clear() {
    Arrays.fill(slots, 0);
    head = 0;
    size = 0;
    floor = 0;
  }

  /** Sets the floor that was in force when the requests about to be added were written. */
  void restoreFloor(long restored) {
    Invariant.check(size == 0 && floor == 0, "a floor is restored into an empty window");
    floor = restored;
  }

  private long youngestRevision() {
    return revisions[position(size - 1)];
  }

  /** Number of remembered requests applied behind {@code revision}: the youngest ones. */
  int countBehind(long revision) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (revisions[position(middle)] > revision) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return size - low;
  }

  /** Encodes {@code count} requests beginning with the {@code from}-th oldest. */
  byte[] encode(int from, int count) {
    ByteBuffer target = ByteBuffer.allocate(count * ENCODED_BYTES);
    for (int i = from; i < from + count; i++) {
      int at = position(i);
      target
          .putLong(clients[at])
          .putLong(sequences[at])
          .putLong(revisions[at])
          .putLong(updateCounts[at])
          .put(outcomes[at]);
    }
    return target.array();
  }

  /** Revision of the {@code i}-th oldest request. */
  long revisionAt(int i) {
    return revisions[position(i)];
  }

  /**
   * Adds encoded requests, leaving out those that were already forgotten when the floor was set.
   */
  void decode(ByteBuffer source) {
    Invariant.check(
        source.remaining() % ENCODED_BYTES == 0,
        "a block of requests has %s bytes",
        source.remaining());
    while (source.hasRemaining()) {
      long client = source.getLong();
      long sequence = source.getLong();
      long revision = source.getLong();
      long updateCount = source.getLong();
      byte outcome = source.get();
      if (revision > floor) {
        add(client, sequence, revision, updateCount, outcome);
      }
    }
  }

  private void forgetOldest() {
    floor = revisions[head];
    free(slotOf(clients[head], sequences[head]));
    head = position(1);
    size--;
  }

  private int position(int offset) {
    int at = head + offset;
    return at >= capacity ? at - capacity : at;
  }

  /** The slot that holds the request, or the free one where it belongs. */
  private int slotOf(long client, long sequence) {
    int slot = home(client, sequence);
    // The bound is for one that looks while slots move: it may see no free one.
    for (int probes = 0; slots[slot] != 0 && probes < slots.length; probes++) {
      int at = slots[slot] - 1;
      if (at < 0 || (clients[at] == client && sequences[at] == sequence)) {
        return slot;
      }
      slot = next(slot);
    }
    return slot;
  }

  /** Empties a slot and moves back what had been pushed beyond it (Knuth vol. 3, 6.4 R). */
  private void free(int slot) {
    int hole = slot;
    slots[hole] = 0;
    for (int probe = next(hole); slots[probe] != 0; probe = next(probe)) {
      int at = slots[probe] - 1;
      int wanted = home(clients[at], sequences[at]);
      boolean reachable =
          ((probe - wanted) & (slots.length - 1)) >= ((probe - hole) & (slots.length - 1));
      if (reachable) {
        slots[hole] = slots[probe];
        slots[probe] = 0;
        hole = probe;
      }
    }
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  private int home(long client, long sequence) {
    long mixed = (client ^ Long.rotateLeft(sequence, 32) ^ sequence) * 0x9E3779B97F4A7C15L;
    mixed ^= mixed >>> 32;
    mixed *= 0xD6E8FEB86659FD93L;
    return (int) (mixed >>> 33) & (slots.length - 1);
  }
}
