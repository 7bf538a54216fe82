/**
 * The client port: Netty, and behind it the native protocol and HTTP on one address.
 *
 * <ul>
 *   <li><b>Called by:</b> the node, which opens and closes it; clients, from outside.
 *   <li><b>State owned by:</b> each connection's event loop, {@code netty-*}; statements run on
 *       {@code statement-*}, one of a connection at a time, and hand their answer back, except for
 *       those of which the session says that they neither wait nor take long.
 *   <li><b>Must never happen:</b> a wait or a long statement on an event loop, a queue or a buffer
 *       that a client can grow without end, or a type of Netty's outside of this room.
 * </ul>
 */
@NullMarked
package io.quorate.server.frontend;

import org.jspecify.annotations.NullMarked;
