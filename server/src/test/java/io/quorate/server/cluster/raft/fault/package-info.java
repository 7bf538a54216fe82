/**
 * The consensus under faults: whole clusters of real nodes in one JVM, on disks and a network that
 * fail from a seed, and invariants that are checked at every step.
 *
 * <p>JRaft reads its own clock and runs on its own threads, so a seed chooses the faults and the
 * load, not the interleaving: a finding may take several runs of its seed to show again.
 */
@NullMarked
package io.quorate.server.cluster.raft.fault;

import org.jspecify.annotations.NullMarked;
