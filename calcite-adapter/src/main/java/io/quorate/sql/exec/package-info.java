/**
 * Runs plans: rows out of a read view, or the changes that a statement makes.
 *
 * <ul>
 *   <li><b>Called by:</b> sessions in the server, through the plan.
 *   <li><b>State owned by:</b> each execution its own, used by one thread at a time.
 *   <li><b>Must never happen:</b> an execution without a bound on memory, or one that does not end
 *       when it is cancelled.
 * </ul>
 */
@NullMarked
package io.quorate.sql.exec;

import org.jspecify.annotations.NullMarked;
