package io.quorate.server.store;

/** The disk, or a step before it, failed the store, which has stopped; its file may be sound. */
public final class StoreFailedException extends RuntimeException {
  StoreFailedException(String message) {
    super(message);
  }

  StoreFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
