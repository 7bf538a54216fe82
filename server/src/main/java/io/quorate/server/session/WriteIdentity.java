package io.quorate.server.session;

import io.quorate.server.lang.RequestId;
import java.util.Optional;

/**
 * By which name a write is remembered.
 *
 * @param request the client's; without one the session makes its own
 * @param base a revision that the client had seen before it first sent the request, or {@link
 *     #ANY_BASE}
 * @param repeated whether the client has sent it before and got no answer
 */
public record WriteIdentity(Optional<RequestId> request, long base, boolean repeated) {
  /**
   * Of a client that cannot tell: what nobody remembers counts as not having run, although it may
   * have been forgotten.
   */
  public static final long ANY_BASE = -1;

  public static final WriteIdentity NONE = new WriteIdentity(Optional.empty(), 0, false);
}
