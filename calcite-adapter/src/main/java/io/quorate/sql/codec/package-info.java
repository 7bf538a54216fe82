/**
 * The bytes of rows and keys.
 *
 * <ul>
 *   <li><b>Called by:</b> execution, DDL that fills an index, and whoever reads a table's rows out
 *       of the store.
 *   <li><b>State owned by:</b> none; codecs are immutable.
 *   <li><b>Must never happen:</b> bytes that a later version reads otherwise, or two keys whose
 *       byte order is not the order of their values.
 * </ul>
 */
@NullMarked
package io.quorate.sql.codec;

import org.jspecify.annotations.NullMarked;
