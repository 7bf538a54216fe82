package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StepCounts;

/** A query whose steps can be counted. */
interface Counted extends Explained {

  /** How many steps {@link StepCounts} must have room for. */
  int stepCount();

  RowCursor open(ExecutionContext context, StepCounts counts);

  /** {@link #explain} with what an execution has counted. */
  String explain(StepCounts counts);
}
