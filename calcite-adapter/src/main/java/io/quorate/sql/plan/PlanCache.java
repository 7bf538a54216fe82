package io.quorate.sql.plan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Plans by catalog version, schema and text; the one that was not asked for longest goes first.
 * Thread-safe.
 */
final class PlanCache {
  private final int plansMax;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final LinkedHashMap<Key, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);

  PlanCache(int plansMax) {
    this.plansMax = plansMax;
  }

  record Key(long catalogVersion, String schema, String sql) {}

  Optional<Plan> find(Key key) {
    lock.lock();
    try {
      return Optional.ofNullable(plans.get(key));
    } finally {
      lock.unlock();
    }
  }

  void put(Key key, Plan plan) {
    lock.lock();
    try {
      plans.put(key, plan);
      if (plans.size() > plansMax) {
        Map.Entry<Key, Plan> eldest = plans.entrySet().iterator().next();
        plans.remove(eldest.getKey());
      }
    } finally {
      lock.unlock();
    }
  }
}
