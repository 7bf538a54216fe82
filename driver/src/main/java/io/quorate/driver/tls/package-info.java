/**
 * TLS between a client and a node: certificates and keys from PEM files, whom a client trusts, and
 * what went wrong in words. The node uses the files and the versions from here too.
 *
 * <ul>
 *   <li><b>Called by:</b> {@code route} for each socket; the server for its own ports.
 *   <li><b>State owned by:</b> the contexts of a JVM are shared under a lock; all else is
 *       immutable.
 *   <li><b>Must never happen:</b> a connection that trusts more than its options say, or goes on in
 *       plain text when they ask for TLS.
 * </ul>
 */
@NullMarked
package io.quorate.driver.tls;

import org.jspecify.annotations.NullMarked;
