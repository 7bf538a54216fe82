package io.quorate.driver;

import io.quorate.driver.route.Router;
import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.SavepointCall.Step;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The savepoints of a connection's open transaction, in the order in which they were set. The
 * server knows them by name only; here a {@link Savepoint} stands for the one that it was made
 * with, so one that another of its name hides is refused, not mistaken for it. Thread-safe.
 */
final class Savepoints {
  /** Unquoted names of SQL fold to upper case, so none of them is one of these by chance. */
  private static final String UNNAMED = "jdbc_savepoint_";

  private final Router router;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Point> live = new ArrayList<>();
  private int lastId;

  Savepoints(Router router) {
    this.router = router;
  }

  private static final class Point implements Savepoint {
    private final int id;
    private final @Nullable String name;

    Point(int id, @Nullable String name) {
      this.id = id;
      this.name = name;
    }

    String wireName() {
      return name == null ? UNNAMED + id : name;
    }

    @Override
    public int getSavepointId() throws SQLException {
      if (name != null) {
        throw SqlExceptions.of(
            ErrorCode.INVALID_PARAMETER, "savepoint \"" + name + "\" has a name and no id");
      }
      return id;
    }

    @Override
    public String getSavepointName() throws SQLException {
      if (name == null) {
        throw SqlExceptions.of(
            ErrorCode.INVALID_PARAMETER, "savepoint " + id + " has an id and no name");
      }
      return name;
    }

    @Override
    public String toString() {
      return wireName();
    }
  }

  /**
   * Sets one.
   *
   * @param name null for one with an id
   */
  Savepoint set(@Nullable String name) throws SQLException {
    lock.lock();
    try {
      Point point = new Point(++lastId, name);
      router.savepoint(Step.SET, point.wireName());
      live.add(point);
      return point;
    } finally {
      lock.unlock();
    }
  }

  void release(Savepoint savepoint) throws SQLException {
    lock.lock();
    try {
      int index = require(savepoint);
      router.savepoint(Step.RELEASE, live.get(index).wireName());
      live.subList(index, live.size()).clear();
    } finally {
      lock.unlock();
    }
  }

  void rollbackTo(Savepoint savepoint) throws SQLException {
    lock.lock();
    try {
      int index = require(savepoint);
      router.savepoint(Step.ROLLBACK_TO, live.get(index).wireName());
      live.subList(index + 1, live.size()).clear();
    } finally {
      lock.unlock();
    }
  }

  private int require(Savepoint savepoint) throws SQLException {
    int index = live.indexOf(savepoint);
    if (index < 0) {
      throw SqlExceptions.of(
          ErrorCode.SAVEPOINT_NOT_FOUND,
          "savepoint " + savepoint + " is not one of the open transaction");
    }
    String name = live.get(index).wireName();
    for (Point later : live.subList(index + 1, live.size())) {
      if (later.wireName().equals(name)) {
        throw SqlExceptions.of(
            ErrorCode.SAVEPOINT_NOT_FOUND, "a later savepoint \"" + name + "\" hides this one");
      }
    }
    return index;
  }

  /** The transaction has ended, and they with it. */
  void clear() {
    lock.lock();
    try {
      live.clear();
    } finally {
      lock.unlock();
    }
  }
}
