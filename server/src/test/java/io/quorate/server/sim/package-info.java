/**
 * The deterministic simulator: everything of ours above the log, run in one thread from one seed.
 *
 * <p>{@code SimWorld} is the clock and the only scheduler, {@code SimConsensus} a model of the log
 * that keeps order and loses what was not committed, {@code SimNode} a real replica on a simulated
 * disk that crashes, and {@code ModelReplica} what the state must be, computed another way. The
 * same seed gives the same run.
 */
@NullMarked
package io.quorate.server.sim;

import org.jspecify.annotations.NullMarked;
