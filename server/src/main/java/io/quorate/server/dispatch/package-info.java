/**
 * Where a statement runs: how fresh a replica must be for a read, and the way to the leader.
 *
 * <ul>
 *   <li><b>Called by:</b> sessions, on the thread of the statement.
 *   <li><b>State owned by:</b> none.
 *   <li><b>Must never happen:</b> a statement that is handed on twice, or a lost answer that is
 *       told as a failure.
 * </ul>
 */
@NullMarked
package io.quorate.server.dispatch;

import org.jspecify.annotations.NullMarked;
