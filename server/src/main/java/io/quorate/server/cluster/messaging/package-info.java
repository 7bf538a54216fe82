/**
 * Carries frames, questions and answers between members; the only door to JGroups.
 *
 * <p>Called by {@code cluster.raft} for the consensus and by the node for its own questions. State
 * is owned by the classes that say so; delivery comes on the messenger's threads, which must not
 * block. What must never happen here: holding traffic back because of a membership view, or a queue
 * without a bound.
 */
@NullMarked
package io.quorate.server.cluster.messaging;

import org.jspecify.annotations.NullMarked;
