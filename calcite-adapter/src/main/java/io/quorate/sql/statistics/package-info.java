/**
 * What is known of the values in tables without reading them.
 *
 * <ul>
 *   <li><b>Called by:</b> the planner, which estimates by it, and the system tables that show it.
 *   <li><b>State owned by:</b> none but a cache of what the store says.
 *   <li><b>Must never happen:</b> an answer that depends on it. Statistics are out of date as soon
 *       as they are made; they choose between plans that give the same rows.
 * </ul>
 */
@NullMarked
package io.quorate.sql.statistics;

import org.jspecify.annotations.NullMarked;
