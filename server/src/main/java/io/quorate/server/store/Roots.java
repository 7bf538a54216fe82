package io.quorate.server.store;

import org.h2.mvstore.RootReference;

/** The roots of all tables at one revision, and their hash: what a read view shows. Immutable. */
final class Roots {
  private final long revision;
  private final long version;
  private final Tables tables;
  private final StateHash hash;
  private final StateMarks marks;
  private final RootReference<byte[], byte[]>[] bySlot;

  /** Captures the current roots; the caller keeps the applier out. */
  Roots(long revision, long version, Tables tables, StateHash hash, StateMarks marks) {
    this.hash = hash;
    this.marks = marks;
    this.revision = revision;
    this.version = version;
    this.tables = tables;
    this.bySlot = newArray(tables.count());
    for (int slot = 0; slot < bySlot.length; slot++) {
      bySlot[slot] = tables.map(slot).getRoot();
    }
  }

  long revision() {
    return revision;
  }

  /**
   * MVStore's version in which these roots were current: pinning it, or an older one, keeps them.
   */
  long version() {
    return version;
  }

  StateHash hash() {
    return hash;
  }

  StateMarks marks() {
    return marks;
  }

  Tables tables() {
    return tables;
  }

  RootReference<byte[], byte[]> at(int slot) {
    return bySlot[slot];
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static RootReference<byte[], byte[]>[] newArray(int count) {
    return new RootReference[count];
  }
}
