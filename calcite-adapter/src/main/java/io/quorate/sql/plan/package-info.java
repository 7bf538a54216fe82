/**
 * From the text of a statement to a plan that can run again and again.
 *
 * <ul>
 *   <li><b>Called by:</b> sessions in the server.
 *   <li><b>State owned by:</b> the plan cache, which is thread-safe and bounded.
 *   <li><b>Must never happen:</b> a plan that runs against another catalog than its own, or one
 *       that reads a clock, chance or the network.
 * </ul>
 */
@NullMarked
package io.quorate.sql.plan;

import org.jspecify.annotations.NullMarked;
