/**
 * The node: the one place where rooms are wired together, started in order and stopped in reverse.
 *
 * <ul>
 *   <li><b>Called by:</b> the command line and the embedded provider.
 *   <li><b>State owned by:</b> the thread that opens a node closes it.
 *   <li><b>Must never happen:</b> a decision about data; this package wires and does nothing else.
 * </ul>
 */
@NullMarked
package io.quorate.server;

import org.jspecify.annotations.NullMarked;
