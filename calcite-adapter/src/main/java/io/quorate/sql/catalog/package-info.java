/**
 * What tables, columns and indexes there are.
 *
 * <ul>
 *   <li><b>Called by:</b> planner and execution here, transactions and metadata in the server.
 *   <li><b>State owned by:</b> none; a catalog is immutable and belongs to one revision.
 *   <li><b>Must never happen:</b> a definition that changes under a plan, or an id that is used
 *       again.
 * </ul>
 */
@NullMarked
package io.quorate.sql.catalog;

import org.jspecify.annotations.NullMarked;
