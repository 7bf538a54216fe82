package io.quorate.server.security;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.auth.SaslPrep;
import io.quorate.driver.auth.ScramKeys;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Checks passwords that come as they are, and remembers those that were right, because over HTTP
 * they come with each request. Thread-safe; bounded. What is remembered is worth nothing outside of
 * this process, and nothing once the user has another password.
 */
final class PlainPasswords {
  private static final int REMEMBERED_MAX = 1024;

  private final byte[] secret;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Boolean> right = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param secret of this process
   */
  PlainPasswords(byte[] secret) {
    this.secret = secret.clone();
  }

  boolean isPassword(Verifier verifier, String password) {
    if (password.length() > SaslPrep.CHARS_MAX) {
      return false;
    }
    String pair =
        Base64.getEncoder()
            .encodeToString(ScramKeys.hmac(secret, verifier.text() + ' ' + password));
    if (isRemembered(pair)) {
      return true;
    }
    if (!verifier.isPassword(password)) {
      return false;
    }
    remember(pair);
    return true;
  }

  private boolean isRemembered(String pair) {
    lock.lock();
    try {
      return right.get(pair) != null;
    } finally {
      lock.unlock();
    }
  }

  private void remember(String pair) {
    lock.lock();
    try {
      right.put(pair, true);
      if (right.size() > REMEMBERED_MAX) {
        right.remove(right.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }
}
