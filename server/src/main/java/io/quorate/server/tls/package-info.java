/**
 * What the ports of a node speak TLS with: its certificate, its key, and whose clients it knows.
 *
 * <ul>
 *   <li><b>Called by:</b> the node reads it at start; the client port and the admin port use it.
 *   <li><b>State owned by:</b> none; what was read is immutable.
 *   <li><b>Must never happen:</b> a node that starts with files that do not fit together, or a port
 *       that falls back to plain text.
 * </ul>
 */
@NullMarked
package io.quorate.server.tls;

import org.jspecify.annotations.NullMarked;
