package io.quorate.server.store;

/** Stored bytes are not what was written. The store, or the snapshot, has to be rebuilt. */
public final class StoreDamagedException extends RuntimeException {
  StoreDamagedException(String message) {
    super(message);
  }

  StoreDamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
