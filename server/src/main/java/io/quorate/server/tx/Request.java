package io.quorate.server.tx;

import io.quorate.server.lang.RequestId;
import java.util.Optional;

/**
 * By which name a write is remembered.
 *
 * @param client the client's; without one the write gets a name of this node, which nobody repeats
 * @param base a revision that was seen before the request was first sent; counts with {@code
 *     client} only
 * @param repeated whether it was sent before, so that it may have run
 */
public record Request(Optional<RequestId> client, long base, boolean repeated) {
  public static final Request UNNAMED = new Request(Optional.empty(), 0, false);
}
