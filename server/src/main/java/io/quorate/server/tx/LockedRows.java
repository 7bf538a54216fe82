package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.LockWait;
import io.quorate.sql.store.RowLocks;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rows that one statement of a transaction locks without changing them. Those for which it
 * waits are locked when all are known, in the one order of all statements; the others while the
 * statement reads. Confined to the statement.
 */
final class LockedRows implements RowLocks {
  private final LockTable locks;
  private final LockTable.Owner owner;
  private final WriteBuffer own;
  private final List<StoreChange> read = new ArrayList<>();
  private final Set<LockName> shared = new TreeSet<>();
  private final Set<LockName> exclusive = new TreeSet<>();

  /**
   * @param own what the transaction has written, and so has locked
   */
  LockedRows(LockTable locks, LockTable.Owner owner, WriteBuffer own) {
    this.locks = locks;
    this.owner = owner;
    this.own = own;
  }

  @Override
  public boolean lock(ReadRow row, Mode mode, LockWait waiting) {
    if (own.contains(row.table(), row.key())) {
      return true;
    }
    LockName name = new LockName(row.table(), row.key());
    boolean alone = mode == Mode.EXCLUSIVE;
    if (waiting == LockWait.WAIT) {
      (alone ? exclusive : shared).add(name);
    } else if (!locks.tryAcquire(
        owner, name, alone ? LockTable.Mode.EXCLUSIVE : LockTable.Mode.SHARED)) {
      if (waiting == LockWait.SKIP) {
        return false;
      }
      throw new QuorateException(
          ErrorCode.LOCK_TIMEOUT,
          name + " is locked by another transaction, and the statement does not wait");
    }
    read.add(new StoreChange(row.table(), row.key(), row.row(), row.row()));
    return true;
  }

  /** Waits for what is not locked yet. */
  void await(Control control) {
    locks.acquire(owner, shared, LockTable.Mode.SHARED, control);
    locks.acquire(owner, exclusive, LockTable.Mode.EXCLUSIVE, control);
  }

  /** The rows as they were read, which must still be so. */
  List<StoreChange> read() {
    return read;
  }
}
