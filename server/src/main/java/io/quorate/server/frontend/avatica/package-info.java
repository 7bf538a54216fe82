/**
 * Avatica's remote procedures over sessions: what any stock Avatica client says, whatever carries
 * it.
 *
 * <ul>
 *   <li><b>Called by:</b> the frontend, with the bytes of one request at a time, on a worker.
 *   <li><b>State owned by:</b> the connections, which outlive the requests; each is used by one
 *       request at a time, under its lock.
 *   <li><b>Must never happen:</b> a connection or a frame without a bound, or a stack trace in an
 *       answer.
 * </ul>
 */
@NullMarked
package io.quorate.server.frontend.avatica;

import org.jspecify.annotations.NullMarked;
