package io.quorate.driver;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.wire.Description;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this connection's statements returned the last time, by their text, so that neither columns
 * nor descriptions travel twice. A stale entry costs a few bytes, for the server holds the hash of
 * the columns against what it is about to send. Thread-safe.
 */
final class ShapeCache {
  /**
   * Statements; an application has a few hundred texts, a generator of texts has no use of this.
   */
  private static final int ENTRIES_MAX = 256;

  private static final int TEXT_LENGTH_MAX = 16_384;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, ResultShape> shapes = bounded();

  @GuardedBy("lock")
  private final Map<String, Description> descriptions = bounded();

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > ENTRIES_MAX;
      }
    };
  }

  ResultShape find(String sql) {
    lock.lock();
    try {
      return shapes.getOrDefault(sql, ResultShape.NONE);
    } finally {
      lock.unlock();
    }
  }

  void keep(String sql, ResultShape shape) {
    if (sql.length() <= TEXT_LENGTH_MAX) {
      lock.lock();
      try {
        shapes.put(sql, shape);
      } finally {
        lock.unlock();
      }
    }
  }

  Optional<Description> findDescription(String sql) {
    lock.lock();
    try {
      return Optional.ofNullable(descriptions.get(sql));
    } finally {
      lock.unlock();
    }
  }

  void keepDescription(String sql, Description description) {
    if (sql.length() <= TEXT_LENGTH_MAX) {
      lock.lock();
      try {
        descriptions.put(sql, description);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Forgets all: a setting changed that changes what names mean. */
  void clear() {
    lock.lock();
    try {
      shapes.clear();
      descriptions.clear();
    } finally {
      lock.unlock();
    }
  }
}
