package io.quorate.server.tx;

import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;

/** A DDL statement; asked again when its tables are its own. */
@FunctionalInterface
public interface Redefining {

  /** Plans for the catalog of {@code view} and works out what changes; changes nothing. */
  Plan.Redefinition evaluate(ReadView view);
}
