package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Statements.Planned;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The short queries of a session, which may run on a thread that must not wait: their plans are
 * remembered here, beside the cache of all sessions and its lock.
 *
 * <p>A query runs at once when its plan {@linkplain Plan.Query#isShort() is short} and known, the
 * catalog is still the one that it was made for, this replica is fresh enough already, and a view
 * is to be had without a lock, and what it finds is small. In every other case nothing is done, and
 * the session's usual way is taken, by a thread that may wait. A page that is not in memory is
 * still read from the file.
 *
 * <p>Confined to the call of the session that runs.
 */
final class ShortReads {
  /** Takes some ten microseconds to send. */
  private static final int ROW_BYTES_MAX = 32 << 10;

  private final Rooms rooms;
  private final Statements statements;
  private final StatementClock clock;
  private final KnownPlans<Plan.Query> plans = new KnownPlans<>();

  ShortReads(Rooms rooms, Statements statements, StatementClock clock) {
    this.rooms = rooms;
    this.statements = statements;
    this.clock = clock;
  }

  /** Plans the statement, and remembers the plan if it is a short query's. */
  Planned plan(Statement statement, ReadView view) {
    Planned planned = statements.plan(statement, view, clock);
    if (planned.plan() instanceof Plan.Query query && query.isShort()) {
      plans.keep(statement, query, planned.catalog());
    }
    return planned;
  }

  /**
   * Runs a query apart from any transaction.
   *
   * @param demand how fresh it must be
   */
  Optional<Executed> tryRun(Statement statement, StatementRequest request, Demand demand) {
    Plan.Query query = plans.find(statement);
    if (query == null || !rooms.gate().isOpen(demand)) {
      return Optional.empty();
    }
    Mark mark = rooms.gauge().newest();
    ReadView view = rooms.replica().readViewNow();
    return view == null ? Optional.empty() : tryRun(query, statement, request, view, mark);
  }

  /** Runs a query in a transaction that only reads. */
  Optional<Executed> tryRun(Statement statement, StatementRequest request, SnapshotScope scope) {
    Plan.Query query = plans.find(statement);
    return query == null
        ? Optional.empty()
        : tryRun(query, statement, request, scope.hold(), scope.mark());
  }

  /** The view is the result's, or closed. */
  private Optional<Executed> tryRun(
      Plan.Query query, Statement statement, StatementRequest request, ReadView view, Mark mark) {
    Catalog catalog = knownCatalog(view);
    if (catalog == null || catalog.version() != plans.catalogVersion()) {
      view.close();
      return Optional.empty();
    }
    var unused = clock.begin(rooms.after(request.timeout()));
    try {
      return Optional.of(
          statements
              .query(query, catalog, new SmallRows(view), statement, request, clock)
              .vouchedFor(mark));
    } catch (LargeRow e) {
      return Optional.empty();
    } catch (QuorateException e) {
      if (e.code() == ErrorCode.ROWS_ELSEWHERE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A row whose way to the client takes long, were it only for its size. */
  private static final class LargeRow extends RuntimeException {
    private static final long serialVersionUID = 1;

    LargeRow() {
      super("a large row", null, false, false);
    }
  }

  /** A view that gives up at a large row. */
  private record SmallRows(ReadView view) implements ReadView {
    @Override
    public long revision() {
      return view.revision();
    }

    @Override
    public Optional<Row> find(int table, RowKey key) {
      Optional<Row> found = view.find(table, key);
      // Chunks are read by others, for whom this view stays open.
      if (found.isPresent()
          && found.get().unsafeBytes().length > ROW_BYTES_MAX
          && table != LobKeys.CHUNKS) {
        throw new LargeRow();
      }
      return found;
    }

    @Override
    public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
      return view.scan(table, from, to);
    }

    @Override
    public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
      return view.scanBackward(table, from, to);
    }

    @Override
    public long rowCount(int table) {
      return view.rowCount(table);
    }

    @Override
    public void close() {
      view.close();
    }
  }

  private @Nullable Catalog knownCatalog(ReadView view) {
    try {
      return rooms.catalogs().ofKnown(view);
    } catch (RuntimeException | Error e) {
      view.close();
      throw e;
    }
  }
}
