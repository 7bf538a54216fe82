/**
 * The port {@code Consensus} over JRaft; the only door to it, together with {@code cluster.wal}.
 *
 * <p>Called by the replica. JRaft's threads own the consensus state; its state machine thread is
 * the node's apply thread. What must never happen here: telling a proposer "refused" when the entry
 * may be in the log, or going on after JRaft has reported an error.
 */
@NullMarked
package io.quorate.server.cluster.raft;

import org.jspecify.annotations.NullMarked;
