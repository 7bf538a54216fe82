/**
 * The native protocol over sessions: what the driver says, one message at a time.
 *
 * <ul>
 *   <li><b>Called by:</b> the frontend, with one message of a connection after the other, on a
 *       worker or on the connection's event loop, never both at once.
 *   <li><b>State owned by:</b> each connection its session and cursors.
 *   <li><b>Must never happen:</b> an answer without the state of the session, or a session that
 *       outlives its connection.
 * </ul>
 */
@NullMarked
package io.quorate.server.frontend.wire;

import org.jspecify.annotations.NullMarked;
