/** Tests of the planner. */
@NullMarked
package io.quorate.sql.plan;

import org.jspecify.annotations.NullMarked;
