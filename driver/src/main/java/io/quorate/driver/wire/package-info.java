/**
 * The native protocol: what its frames, messages, rows and values are as bytes, for both sides of a
 * connection. {@code docs/formats.md} has the layout.
 *
 * <ul>
 *   <li><b>Called by:</b> the driver's connections, and the server's frontend.
 *   <li><b>State owned by:</b> a writer or a reader belongs to the thread that made it; messages
 *       and all else here is immutable.
 *   <li><b>Must never happen:</b> an allocation sized by a number that was received and not yet
 *       held against the bytes that are there.
 * </ul>
 */
@NullMarked
package io.quorate.driver.wire;

import org.jspecify.annotations.NullMarked;
