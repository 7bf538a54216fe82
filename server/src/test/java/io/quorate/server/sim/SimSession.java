package io.quorate.server.sim;

import io.quorate.server.lang.RequestId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * What one client has seen: its token, and some of the requests that it knows to be acknowledged
 * and must find at any level but LOCAL.
 */
final class SimSession {
  private static final int KNOWN_MAX = 4;

  private final Deque<RequestId> known = new ArrayDeque<>();
  private long token;

  long token() {
    return token;
  }

  Collection<RequestId> known() {
    return List.copyOf(known);
  }

  void saw(long revision) {
    token = Math.max(token, revision);
  }

  /** One of its own writes was acknowledged. */
  void wrote(RequestId request, long revision) {
    saw(revision);
    if (known.size() == KNOWN_MAX) {
      known.remove();
    }
    known.add(request);
  }

  /** {@code SET read_after}: another session hands its token over, and with it what it knows. */
  void readAfter(SimSession other) {
    saw(other.token);
    known.clear();
    known.addAll(other.known);
  }
}
