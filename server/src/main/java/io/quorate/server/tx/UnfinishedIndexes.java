package io.quorate.server.tx;

import io.quorate.server.lang.Deadline;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the indexes whose building ended with the leadership that it was begun under: nobody fills
 * them any more, and every writer of their tables keeps them.
 */
public final class UnfinishedIndexes implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(UnfinishedIndexes.class);

  private static final Duration WRITE_TIME = Duration.ofSeconds(10);

  private final Transactions transactions;

  public UnfinishedIndexes(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Drops those that there are, unless somebody defines something. Blocks as writes do. */
  @Override
  public void run() {
    // An index that is being built is unfinished too: its statement has the catalog.
    if (!areThere() || transactions.isDefining()) {
      return;
    }
    // Each DDL statement begins with dropping them; this one has nothing else to do.
    Plan.Redefinition nothing =
        new Plan.Redefinition(Collections.emptyIterator(), List.of(), List.of(), List.of());
    Control control =
        new Control(Deadline.after(WRITE_TIME, transactions::nanos), CancelFlag.NEVER);
    var unused = transactions.redefine(view -> nothing, Request.UNNAMED, control);
    log.atInfo().log("indexes dropped whose building had ended early");
  }

  private boolean areThere() {
    try (ReadView view = transactions.newestView()) {
      return Definitions.withoutUnfinished(transactions.catalogs().of(view)).isPresent();
    }
  }
}
