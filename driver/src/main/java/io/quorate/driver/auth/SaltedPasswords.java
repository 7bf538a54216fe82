package io.quorate.driver.auth;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was computed from passwords, so that a pool computes it once and not for each of
 * its connections. The salt of a user is the same on every node. Bounded; the one that was not
 * asked for longest goes first. Thread-safe; two threads may compute the same at once.
 */
public final class SaltedPasswords {
  /** Shared by all connections of the process, as sockets are not. */
  public static final SaltedPasswords SHARED = new SaltedPasswords();

  private static final int REMEMBERED_MAX = 256;

  /** Of this process only, so that what lies in memory cannot be looked up in a list. */
  private final byte[] secret = new byte[ScramLimits.KEY_BYTES];

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final Map<String, ScramKeys> keys = new LinkedHashMap<>(16, 0.75f, true);

  public SaltedPasswords() {
    new SecureRandom().nextBytes(secret);
  }

  /** The keys of a password, computed or remembered. */
  ScramKeys keys(String prepared, byte[] salt, int iterations) {
    Base64.Encoder text = Base64.getEncoder();
    String name =
        text.encodeToString(ScramKeys.hmac(secret, prepared))
            + iterations
            + ','
            + text.encodeToString(salt);
    ScramKeys known = find(name);
    if (known != null) {
      return known;
    }
    ScramKeys made = ScramKeys.of(prepared, salt, iterations);
    remember(name, made);
    return made;
  }

  private @Nullable ScramKeys find(String name) {
    lock.lock();
    try {
      return keys.get(name);
    } finally {
      lock.unlock();
    }
  }

  private void remember(String name, ScramKeys made) {
    lock.lock();
    try {
      keys.put(name, made);
      if (keys.size() > REMEMBERED_MAX) {
        keys.remove(keys.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return keys.size();
    } finally {
      lock.unlock();
    }
  }
}
