/**
 * The SQL shell: sqlline with our driver and a few commands of our own. The only room that knows
 * sqlline and jline.
 *
 * <ul>
 *   <li><b>Called by:</b> {@code quorate sql} and {@code quorate demo}.
 *   <li><b>State owned by:</b> the main thread.
 *   <li><b>Must never happen:</b> a stack trace at the user.
 * </ul>
 */
@NullMarked
package io.quorate.server.cli.shell;

import org.jspecify.annotations.NullMarked;
