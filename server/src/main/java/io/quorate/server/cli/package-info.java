/**
 * The command line: one class a command, each no longer than a screen.
 *
 * <ul>
 *   <li><b>Called by:</b> the distribution's launcher.
 *   <li><b>State owned by:</b> the main thread.
 *   <li><b>Must never happen:</b> work that another room could do; a command parses, calls and
 *       prints.
 * </ul>
 */
@NullMarked
package io.quorate.server.cli;

import org.jspecify.annotations.NullMarked;
