/**
 * The few words every room of the server speaks: invariants, failures, deadlines, identities.
 *
 * <ul>
 *   <li><b>Called by:</b> every room.
 *   <li><b>State owned by:</b> none; every type is immutable.
 *   <li><b>Must never happen:</b> a dependency on another room, or a clock read that was not
 *       injected.
 * </ul>
 */
@NullMarked
package io.quorate.server.lang;

import org.jspecify.annotations.NullMarked;
