/**
 * Who may enter: users' passwords, held against what the catalog keeps of them.
 *
 * <ul>
 *   <li><b>Called by:</b> the client port and the admin port, for each connection or request, on
 *       threads that may wait; the planner, for the verifier of a new password.
 *   <li><b>State owned by:</b> an exchange belongs to its connection; what is remembered of
 *       attempts has locks of its own.
 *   <li><b>Must never happen:</b> a password in a log, a message or an exception; an answer that
 *       tells whether a user exists; somebody let in because something could not be found out.
 * </ul>
 */
@NullMarked
package io.quorate.server.security;

import org.jspecify.annotations.NullMarked;
