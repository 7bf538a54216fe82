package io.quorate.sql.plan;

import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;

/** Changes that become one entry of the log, until it is large enough. One thread's own. */
final class ChangeBatch {
  static final int ENTRIES_MAX = 10_000;
  static final int BYTES_MAX = 1 << 20;

  private final List<StoreChange> changes = new ArrayList<>();
  private long bytes;

  boolean isFull() {
    return changes.size() >= ENTRIES_MAX || bytes >= BYTES_MAX;
  }

  /** Those of one row, which stay together. */
  void addAll(List<StoreChange> ofRow) {
    ofRow.forEach(this::add);
  }

  void add(StoreChange change) {
    Row value = change.value();
    changes.add(change);
    bytes += change.key().unsafeBytes().length + (value == null ? 0 : value.unsafeBytes().length);
  }

  List<StoreChange> changes() {
    return changes;
  }
}
