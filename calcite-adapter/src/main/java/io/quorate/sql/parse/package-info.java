/**
 * Text to statements: the grammar is Calcite's with ours added, generated when the project is
 * built.
 *
 * <ul>
 *   <li><b>Called by:</b> the planner.
 *   <li><b>State owned by:</b> none; each text has its own parser.
 *   <li><b>Must never happen:</b> a text that fails with anything but a {@link
 *       io.quorate.sql.lang.SqlFailure}, or a statement that reads the catalog here.
 * </ul>
 */
@NullMarked
package io.quorate.sql.parse;

import org.jspecify.annotations.NullMarked;
