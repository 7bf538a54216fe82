package io.quorate.server.cluster.wal;

import io.quorate.server.lang.Invariant;
import java.nio.charset.StandardCharsets;

/**
 * What a member must not forget (Raft dissertation, figure 3.1).
 *
 * @param term the highest term it has seen
 * @param votedFor whom it voted for in that term; empty if nobody yet
 */
record Vote(long term, String votedFor) {
  static final int CANDIDATE_BYTES_MAX = 255;
  static final Vote NONE = new Vote(0, "");

  Vote {
    Invariant.check(term >= 0, "a term is never negative, this is %s", term);
    Invariant.check(
        votedFor.getBytes(StandardCharsets.UTF_8).length <= CANDIDATE_BYTES_MAX,
        "a candidate's name is at most %s bytes, this is \"%s\"",
        CANDIDATE_BYTES_MAX,
        votedFor);
  }

  /** Whether Raft allows {@code next} after this: terms rise, and a vote once given stands. */
  boolean allows(Vote next) {
    if (next.term != term) {
      return next.term > term;
    }
    return votedFor.isEmpty() || votedFor.equals(next.votedFor);
  }
}
