/**
 * The few words every package of the adapter speaks: how SQL fails, and the bounds it runs under.
 *
 * <ul>
 *   <li><b>Called by:</b> every package of the adapter, and the server that maps its failures to
 *       error codes.
 *   <li><b>State owned by:</b> one statement's thread owns its execution context; the rest is
 *       immutable.
 *   <li><b>Must never happen:</b> knowledge of the server, its error codes or the wire.
 * </ul>
 */
@NullMarked
package io.quorate.sql.lang;

import org.jspecify.annotations.NullMarked;
