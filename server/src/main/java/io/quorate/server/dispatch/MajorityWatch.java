package io.quorate.server.dispatch;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.util.Optional;

/**
 * Knows when waiting for a leader is in vain, because too few voters are to be reached to have one.
 * Thread-safe; does not block. Not cheap enough to be asked for a statement that need not wait.
 */
@FunctionalInterface
public interface MajorityWatch {
  /** Where nobody looks, waiting is always worth it. */
  MajorityWatch NONE = Optional::empty;

  /** Which voters are missing, for the client to read; empty while a leader may be found. */
  Optional<String> whyCutOff();

  /**
   * Lets pass who may hope for a leader.
   *
   * @throws QuorateException {@link ErrorCode#NO_QUORUM}
   */
  default void requireHope() {
    Optional<String> why = whyCutOff();
    if (why.isPresent()) {
      throw new QuorateException(ErrorCode.NO_QUORUM, why.get());
    }
  }
}
