/**
 * Transactions on the leader: locks, buffered writes, and the way of a write set into the log.
 *
 * <ul>
 *   <li><b>Called by:</b> sessions, on the thread of the statement.
 *   <li><b>State owned by:</b> the lock table all sessions together; a transaction its session.
 *   <li><b>Must never happen:</b> a lock that is given back before its effect is visible here, a
 *       write proposed under another leadership than it was evaluated under, or a wait without a
 *       deadline.
 * </ul>
 */
@NullMarked
package io.quorate.server.tx;

import org.jspecify.annotations.NullMarked;
