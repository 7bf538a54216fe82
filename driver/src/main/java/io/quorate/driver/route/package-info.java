/**
 * One logical connection over a few sockets: which node gets which request, and what happens when
 * that node is gone.
 *
 * <ul>
 *   <li><b>Called by:</b> the driver's JDBC classes.
 *   <li><b>State owned by:</b> a {@link io.quorate.driver.route.Router} its own, under its lock, in
 *       the caller's thread; a {@code Cluster} what all connections of the JVM know together, by
 *       atomics and immutable snapshots; one daemon thread, the watch, its own link to each node.
 *   <li><b>Must never happen:</b> a write sent twice under two names, a wait without a bound that
 *       the caller did not ask for, or a failure of a write told as "failed" when it may have
 *       happened.
 * </ul>
 */
@NullMarked
package io.quorate.driver.route;

import org.jspecify.annotations.NullMarked;
