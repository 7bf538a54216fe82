/**
 * The public face of the driver: what an application sees of Quorate, and the errors it can meet.
 *
 * <ul>
 *   <li><b>Called by:</b> applications through JDBC, and the server for {@link
 *       io.quorate.driver.ErrorCode}.
 *   <li><b>State owned by:</b> no state is kept here beyond what a connection owns; its caller's
 *       thread uses it.
 *   <li><b>Must never happen:</b> a type of the server, or of a library the application may also
 *       use, in a public signature; the one exception is that the driver is one of Avatica's.
 * </ul>
 */
@NullMarked
package io.quorate.driver;

import org.jspecify.annotations.NullMarked;
