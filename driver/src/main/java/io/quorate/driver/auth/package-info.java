/**
 * SCRAM-SHA-256: proving a password without sending it, by RFC 5802 and RFC 7677; the client's
 * side, and the arithmetic that both sides share.
 *
 * <ul>
 *   <li><b>Called by:</b> the driver's connections, and the server's security room.
 *   <li><b>State owned by:</b> an exchange belongs to the thread that runs it; the cache of salted
 *       passwords has a lock; all else is immutable.
 *   <li><b>Must never happen:</b> a password in a message, a log or an exception; work sized by a
 *       number that the other side has sent and nobody has bounded.
 * </ul>
 */
@NullMarked
package io.quorate.driver.auth;

import org.jspecify.annotations.NullMarked;
