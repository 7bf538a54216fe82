/**
 * The ports through which SQL execution reads rows.
 *
 * <ul>
 *   <li><b>Called by:</b> operators of the adapter; the server's store and the tests implement
 *       them.
 *   <li><b>State owned by:</b> none; an implementation says which thread may use it.
 *   <li><b>Must never happen:</b> a network call, a consensus call, or a row that changes under its
 *       reader.
 * </ul>
 */
@NullMarked
package io.quorate.sql.store;

import org.jspecify.annotations.NullMarked;
