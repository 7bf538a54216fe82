/** Tests of statistics. */
@NullMarked
package io.quorate.sql.statistics;

import org.jspecify.annotations.NullMarked;
