/**
 * The configuration of a node as a tree of records, read and validated once.
 *
 * <ul>
 *   <li><b>Called by:</b> the command line reads it; the node hands each room its own record.
 *   <li><b>State owned by:</b> none; the records are immutable.
 *   <li><b>Must never happen:</b> a room that sees the whole tree, or a secret that is printed.
 * </ul>
 */
@NullMarked
package io.quorate.server.config;

import org.jspecify.annotations.NullMarked;
