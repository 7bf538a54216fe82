package io.quorate.server.cluster.wal;

import io.quorate.server.lang.Invariant;
import java.nio.ByteBuffer;

/**
 * One entry on its way into the log.
 *
 * @param index its position, from 1
 * @param term the term of the leader that made it
 * @param membership whether it says who votes; these can be listed without reading the others
 * @param payload its bytes, from position to limit; lent until the append returns, not changed
 */
record Entry(long index, long term, boolean membership, ByteBuffer payload) {
  Entry {
    Invariant.check(index > 0, "a log index begins at 1, this is %s", index);
    Invariant.check(term >= 0, "a term is never negative, this is %s", term);
  }
}
