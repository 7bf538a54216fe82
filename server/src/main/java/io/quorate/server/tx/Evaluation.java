package io.quorate.server.tx;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.exec.SequenceValues;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowLocks;

/** A statement that changes rows; asked again when what it saw has changed meanwhile. */
@FunctionalInterface
public interface Evaluation {

  /**
   * Plans for the catalog of {@code view} and works out the changes; changes nothing.
   *
   * @param sequences each value that is taken is gone, whatever becomes of the changes
   */
  Evaluated evaluate(ReadView view, SequenceValues sequences);

  /** As {@link #evaluate(ReadView, SequenceValues)}, where the statement may lock what it reads. */
  default Evaluated evaluate(ReadView view, SequenceValues sequences, RowLocks locks) {
    return evaluate(view, sequences);
  }

  /**
   * The changes, and the catalog that they were worked out with.
   *
   * @param catalog of the view
   */
  record Evaluated(Catalog catalog, Plan.Changes changes) {}
}
