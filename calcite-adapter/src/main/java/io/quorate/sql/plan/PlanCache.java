package io.quorate.sql.plan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Plans, or what is known of them, by catalog version, schema and text, be it whole or what is left
 * of it without literals; the one that was not asked for longest goes first. Thread-safe.
 */
final class PlanCache<V> {
  /**
   * What is written down in a plan takes some thirty times the memory of its text: a hundred
   * megabytes in all.
   */
  private static final int TEXT_CHARS_MAX = 4 << 20;

  private final int plansMax;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final LinkedHashMap<Key, V> plans = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("lock")
  private int textChars;

  PlanCache(int plansMax) {
    this.plansMax = plansMax;
  }

  /** What the text of a key is. */
  enum Level {
    /** As it was written. */
    TEXT,
    /** With the types of some literals in their places. */
    LITERALS
  }

  record Key(long catalogVersion, String schema, String sql, Level level) {
    /** Of a whole text. */
    Key(long catalogVersion, String schema, String sql) {
      this(catalogVersion, schema, sql, Level.TEXT);
    }
  }

  Optional<V> find(Key key) {
    lock.lock();
    try {
      return Optional.ofNullable(plans.get(key));
    } finally {
      lock.unlock();
    }
  }

  /** Those that are there now, the one that was not asked for longest first. */
  List<Map.Entry<Key, V>> entries() {
    lock.lock();
    try {
      List<Map.Entry<Key, V>> entries = new ArrayList<>(plans.size());
      plans.forEach((key, plan) -> entries.add(Map.entry(key, plan)));
      return entries;
    } finally {
      lock.unlock();
    }
  }

  void put(Key key, V plan) {
    lock.lock();
    try {
      if (plans.put(key, plan) == null) {
        textChars += key.sql.length();
      }
      while (plans.size() > plansMax || textChars > TEXT_CHARS_MAX) {
        Key eldest = plans.keySet().iterator().next();
        plans.remove(eldest);
        textChars -= eldest.sql.length();
      }
    } finally {
      lock.unlock();
    }
  }
}
