package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.ErrorCode.RetryAdvice;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.QuorateException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of the last writes of a connection, for the client that asks again. Confined by the
 * lock of its connection, so the repetition of a write that still runs waits for its end.
 *
 * <p>Two kinds are kept: writes with a key, whose repetition may come at any time; and those whose
 * client was gone when the answer was there, for it may send the very same request again, as
 * Avatica's own client does. Of the others the answer is on its way, and nothing is kept.
 *
 * <p>This is the near half. A key holds beyond this connection by the name that its write has in
 * the log ({@link RequestPrint#id}); inside a transaction, which ends with the connection, this is
 * all there is.
 */
final class Repeats {
  /** Of one connection, which does one thing at a time: far more than can be on their way. */
  private static final int KEPT_MAX = 256;

  private final Map<String, Known> known = new LinkedHashMap<>();

  /**
   * What came of a write; neither, when nobody knows.
   *
   * @param print of what was wanted
   */
  private record Known(
      String print, @Nullable Supplier<?> answer, @Nullable QuorateException failure) {}

  /**
   * A write that may be a repetition.
   *
   * @param repetition what the client says of it
   * @param part number of it in a request of several
   * @param print of what is wanted; asked for when it matters only, for it takes time
   * @param commit whether it ends a transaction, so that running it again would do another thing
   */
  record Write(Repetition repetition, int part, Supplier<String> print, boolean commit) {

    private boolean keyed() {
      return repetition.key().isPresent();
    }

    private String name() {
      return repetition
          .key()
          .map(key -> "key " + part + " " + key)
          .orElseGet(() -> "same " + part + " " + print.get());
    }

    private boolean isKept() {
      return keyed() || repetition.gone().getAsBoolean();
    }
  }

  /** Does the write. */
  @FunctionalInterface
  interface Work<T> {

    /**
     * Does it.
     *
     * @param inDoubt whether it was tried on this connection and nobody knows what came of it
     */
    T run(boolean inDoubt);
  }

  /**
   * Answers what was answered before, or does it.
   *
   * @param kept makes of the answer what to keep of it; null for nothing: rows are read again
   */
  <T> T once(Write write, Class<T> type, Function<T, @Nullable Supplier<T>> kept, Work<T> work) {
    Known before = find(write);
    if (before != null) {
      if (!before.print.equals(write.print.get())) {
        throw new QuorateException(
            ErrorCode.INVALID_PARAMETER, "the idempotency key was used for another request");
      }
      if (before.failure != null) {
        throw before.failure;
      }
      if (before.answer != null) {
        return type.cast(before.answer.get());
      }
    }
    try {
      T answer = work.run(before != null);
      Supplier<T> memory = write.isKept() ? kept.apply(answer) : null;
      if (memory != null) {
        keep(write, memory, null);
      }
      return answer;
    } catch (InvariantViolation e) {
      throw e;
    } catch (RuntimeException e) {
      if (write.isKept()) {
        keepFailure(write, ErrorMapper.map(e));
      }
      throw e;
    }
  }

  /** What is the same without a key is repeated once: a second time somebody wants it twice. */
  private @Nullable Known find(Write write) {
    if (known.isEmpty()) {
      return null;
    }
    return write.keyed() ? known.get(write.name()) : known.remove(write.name());
  }

  private void keepFailure(Write write, QuorateException failure) {
    RetryAdvice advice = failure.code().retryAdvice();
    boolean certain =
        !write.keyed()
            || (advice == RetryAdvice.NEVER && failure.code() != ErrorCode.INTERNAL_ERROR)
            || (advice == RetryAdvice.WHOLE_TRANSACTION && write.commit());
    keep(write, null, certain ? failure : null);
  }

  private void keep(Write write, @Nullable Supplier<?> answer, @Nullable QuorateException failure) {
    String name = write.name();
    known.remove(name);
    known.put(name, new Known(write.print.get(), answer, failure));
    if (known.size() > KEPT_MAX) {
      known.remove(known.keySet().iterator().next());
    }
  }
}
