/**
 * The state machine: applies committed commands in log order, the same on every node.
 *
 * <ul>
 *   <li><b>Called by:</b> the cluster room, with committed commands and snapshots.
 *   <li><b>State owned by:</b> the apply thread owns all of it.
 *   <li><b>Must never happen:</b> a skipped command, or a result that depends on clock, locale,
 *       hash order or environment.
 * </ul>
 */
@NullMarked
package io.quorate.server.replica;

import org.jspecify.annotations.NullMarked;
