package io.quorate.server.cluster.messaging;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls to one member that wait for an answer: a ring of slots, each found by the low bits of
 * its call id. Adding and taking is one compare-and-set, without a lock, a boxed key or a node to
 * allocate; the size of the ring is the bound.
 *
 * <p>Thread-safe.
 */
final class PendingCalls {
  /** Slots tried for a call: those of long calls are stepped over, a full ring is found out. */
  private static final int PROBES_MAX = 64;

  private final AtomicReferenceArray<@Nullable Pending> slots;
  private final int mask;
  private final AtomicLong nextId;

  /**
   * @param capacity a power of two
   */
  PendingCalls(int capacity, long firstId) {
    slots = new AtomicReferenceArray<>(capacity);
    mask = capacity - 1;
    nextId = new AtomicLong(firstId);
  }

  /** Gives the call its id; false when the ring is full. */
  boolean add(Pending call) {
    for (int probe = 0; probe < PROBES_MAX; probe++) {
      long id = nextId.getAndIncrement();
      int slot = (int) id & mask;
      if (slots.get(slot) == null) {
        call.id = id;
        if (slots.compareAndSet(slot, null, call)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Hands out the call of this id to exactly one taker. */
  @Nullable Pending take(long id) {
    int slot = (int) id & mask;
    Pending call = slots.get(slot);
    boolean mine = call != null && call.id == id && slots.compareAndSet(slot, call, null);
    return mine ? call : null;
  }

  /** Fails what was due by {@code nowNanos}. */
  void expire(long nowNanos, CallFailure failure) {
    for (int slot = 0; slot <= mask; slot++) {
      Pending call = slots.get(slot);
      if (call != null && call.dueNanos - nowNanos <= 0 && slots.compareAndSet(slot, call, null)) {
        call.fail(failure);
      }
    }
  }

  /** Hands to {@code ask} what may take long and was not asked after for {@code everyNanos}. */
  void remind(long nowNanos, long everyNanos, Consumer<Pending> ask) {
    for (int slot = 0; slot <= mask; slot++) {
      Pending call = slots.get(slot);
      if (call != null && call.dueNanos - call.begunNanos > everyNanos) {
        if (nowNanos - call.remindedNanos >= everyNanos) {
          call.remindedNanos = nowNanos;
          ask.accept(call);
        }
      }
    }
  }

  /** Fails everything that waits now. */
  void failAll(CallFailure failure) {
    for (int slot = 0; slot <= mask; slot++) {
      Pending call = slots.getAndSet(slot, null);
      if (call != null) {
        call.fail(failure);
      }
    }
  }

  int count() {
    int count = 0;
    for (int slot = 0; slot <= mask; slot++) {
      count += slots.get(slot) == null ? 0 : 1;
    }
    return count;
  }

  /** One call. Exactly one of the two ends it. */
  abstract static class Pending {
    final long begunNanos;
    final long dueNanos;

    /** Written before the slot publishes it. */
    long id;

    /** Confined to the scan. */
    private long remindedNanos;

    Pending(long begunNanos, long dueNanos) {
      this.begunNanos = begunNanos;
      this.dueNanos = dueNanos;
      this.remindedNanos = begunNanos;
    }

    /** Whether a frame of this kind can be the answer; others are strays. */
    abstract boolean expects(byte kind);

    abstract void answer(byte[] buffer, int offset, int length);

    abstract void fail(CallFailure failure);
  }
}
