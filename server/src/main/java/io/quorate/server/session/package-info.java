/**
 * The one entry for statements, whoever brings them: native protocol, Avatica, embedded, shell.
 *
 * <ul>
 *   <li><b>Called by:</b> the frontends, and the node for statements that another member forwards.
 *   <li><b>State owned by:</b> each session its own; one statement of a session runs at a time.
 *   <li><b>Must never happen:</b> a cursor or a transaction that outlives its session, or a wait
 *       without a deadline.
 * </ul>
 */
@NullMarked
package io.quorate.server.session;

import org.jspecify.annotations.NullMarked;
