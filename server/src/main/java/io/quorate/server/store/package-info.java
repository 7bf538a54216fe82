/**
 * The rows of this node, and consistent views of them.
 *
 * <ul>
 *   <li><b>Called by:</b> the replica writes; execution and backup read.
 *   <li><b>State owned by:</b> the apply thread alone writes; the checkpoint thread alone makes
 *       durable.
 *   <li><b>Must never happen:</b> a read view that changes, or a stored revision that disagrees
 *       with the rows beside it.
 * </ul>
 */
@NullMarked
package io.quorate.server.store;

import org.jspecify.annotations.NullMarked;
