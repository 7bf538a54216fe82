/**
 * A cluster on this machine with one JVM a node, and the sample data in it.
 *
 * <ul>
 *   <li><b>Called by:</b> {@code quorate demo}.
 *   <li><b>State owned by:</b> the main thread; {@code DemoCluster.close} may come from the thread
 *       of a signal.
 *   <li><b>Must never happen:</b> a node that outlives the demo, or a wait without an end.
 * </ul>
 */
@NullMarked
package io.quorate.server.cli.demo;

import org.jspecify.annotations.NullMarked;
