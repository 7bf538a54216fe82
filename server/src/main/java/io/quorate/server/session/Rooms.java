package io.quorate.server.session;

import io.quorate.server.dispatch.AllVoters;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.dispatch.LeaderRoad;
import io.quorate.server.dispatch.ReadGate;
import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.lang.Deadline;
import io.quorate.server.replica.Replica;
import io.quorate.server.tx.Catalogs;
import io.quorate.server.tx.Transactions;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.plan.SqlPlanner;
import io.quorate.sql.store.ReadView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What sessions work with.
 *
 * @param random thread-safe and not to be guessed: session ids, RAND(), hidden keys
 */
public record Rooms(
    Replica replica,
    Catalogs catalogs,
    SqlPlanner planner,
    SystemTables system,
    MetadataAnswers metadata,
    Transactions transactions,
    ReadGate gate,
    FreshnessGauge gauge,
    LeaderRoad road,
    AllVoters voters,
    ClusterFacts cluster,
    NodeAdministration administration,
    StatementCounters counters,
    SessionConfig config,
    Admission admission,
    InstantSource clock,
    LongSupplier nanoClock,
    RandomGenerator random) {

  Deadline after(Duration timeout) {
    return Deadline.after(timeout, nanoClock);
  }

  /** The earlier of the deadline and one that long from now. */
  Deadline within(Duration timeout, Deadline deadline) {
    Duration left = deadline.remaining();
    return left.compareTo(timeout) <= 0 ? deadline : after(timeout);
  }

  /** What JDBC asks of the catalog, which shows at least that revision. Blocks for it. */
  RowBatch answer(MetadataQuery query, long revision, Deadline deadline) {
    gate.await(new Demand(ReadLevel.SESSION, revision), deadline);
    try (ReadView view = replica.readView()) {
      return metadata.answer(catalogs.of(view), query);
    }
  }
}
