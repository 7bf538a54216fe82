/**
 * Agreement and talk between nodes, behind the ports for consensus and for peers.
 *
 * <ul>
 *   <li><b>Called by:</b> the dispatcher proposes and asks; the replica takes what was committed.
 *   <li><b>State owned by:</b> the consensus threads own terms, votes and the log; the log thread
 *       owns its files.
 *   <li><b>Must never happen:</b> an acknowledgement before the log is on disk, or a JGroups or
 *       JRaft type in a signature that leaves.
 * </ul>
 */
@NullMarked
package io.quorate.server.cluster;

import org.jspecify.annotations.NullMarked;
