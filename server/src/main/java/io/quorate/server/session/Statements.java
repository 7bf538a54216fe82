package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Evaluation;
import io.quorate.server.tx.Evaluation.Evaluated;
import io.quorate.server.tx.Redefining;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.SequenceValues;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowLocks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans statements and runs their plans on a view. Thread-safe. */
final class Statements {
  private final Rooms rooms;

  Statements(Rooms rooms) {
    this.rooms = rooms;
  }

  /** A plan and the catalog that it is for. */
  record Planned(Plan plan, Catalog catalog) {}

  /**
   * The plan for a statement that its user may run: there is no other way to one.
   *
   * @param cancel ends the planning too
   */
  Planned plan(Statement statement, ReadView view, CancelFlag cancel) {
    Catalog catalog = rooms.catalogs().of(view);
    Plan plan = rooms.planner().plan(catalog, statement.schema(), statement.sql(), cancel);
    rooms.planner().authorize(catalog, statement.schema(), statement.sql(), statement.user());
    return new Planned(plan, catalog);
  }

  /** As {@link #query(Planned, ReadView, Statement, StatementRequest, CancelFlag, Drawing)}. */
  Executed query(
      Plan.Query query,
      Catalog catalog,
      ReadView view,
      Statement statement,
      StatementRequest request,
      CancelFlag cancel) {
    return query(new Planned(query, catalog), view, statement, request, cancel, Drawing.NONE);
  }

  /** Opens a query's rows on {@code view}, which is closed with them, or when this fails. */
  Executed query(
      Planned planned,
      ReadView view,
      Statement statement,
      StatementRequest request,
      CancelFlag cancel,
      Drawing drawing) {
    Plan.Query query = (Plan.Query) planned.plan();
    LocalCursor cursor = open(planned, view, statement, request, cancel, drawing);
    try {
      return Executed.rows(
          query.columns(), cursor.next(request.firstRows()), cursor, view.revision());
    } catch (RuntimeException | Error e) {
      cursor.close();
      throw e;
    }
  }

  private LocalCursor open(
      Planned planned,
      ReadView view,
      Statement statement,
      StatementRequest request,
      CancelFlag cancel,
      Drawing drawing) {
    try {
      ExecutionContext context =
          context(
              view,
              planned.catalog(),
              statement,
              request.parameters(),
              rooms.clock().instant(),
              cancel,
              drawing.values());
      RowCursor rows = ((Plan.Query) planned.plan()).open(context);
      return cursor(rows, view, drawing, request.rowsMax());
    } catch (RuntimeException | Error e) {
      view.close();
      throw e;
    }
  }

  private static LocalCursor cursor(RowCursor rows, ReadView view, Drawing drawing, long rowsMax) {
    try {
      return new LocalCursor(rows, view, drawing, rowsMax);
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
  }

  private ExecutionContext context(
      ReadView view,
      Catalog catalog,
      Statement statement,
      List<@Nullable Object> parameters,
      Instant now,
      CancelFlag cancel,
      SequenceValues sequences) {
    return new ExecutionContext(
        view,
        catalog,
        parameters,
        statement.user(),
        () -> CommitToken.text(rooms.cluster().cluster(), statement.seen()),
        now,
        rooms.random(),
        rooms.system(),
        rooms.config().memoryBytesMax(),
        cancel,
        statement.drawn().over(sequences),
        RowLocks.NONE);
  }

  /** One evaluation a list of parameters. */
  List<Evaluation> changes(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      KeyCollector keys,
      CancelFlag cancel) {
    Instant now = rooms.clock().instant();
    PlanOfView plans = new PlanOfView(statement, cancel);
    List<Evaluation> evaluations = new ArrayList<>(parameterLists.size());
    for (List<@Nullable Object> parameters : parameterLists) {
      int number = evaluations.size();
      evaluations.add(
          new Evaluation() {
            @Override
            public Evaluated evaluate(ReadView view, SequenceValues sequences) {
              return evaluate(view, sequences, RowLocks.NONE);
            }

            @Override
            public Evaluated evaluate(ReadView view, SequenceValues sequences, RowLocks locks) {
              Change change = plans.changeOf(view);
              ExecutionContext context =
                  context(view, change.catalog, statement, parameters, now, cancel, sequences)
                      .with(locks);
              return new Evaluated(
                  change.catalog,
                  change.plan.evaluate(context, keys.begin(number, view, change.plan.returning())));
            }
          });
    }
    return evaluations;
  }

  private record Change(Plan.Change plan, Catalog catalog) {}

  /**
   * One evaluation of a plan that is known.
   *
   * @param catalogVersion that the plan was made for; {@link QuorateException} when it is another
   */
  Evaluation change(
      Plan.Change plan,
      long catalogVersion,
      Statement statement,
      List<@Nullable Object> parameters,
      CancelFlag cancel) {
    Instant now = rooms.clock().instant();
    return (view, sequences) -> {
      Catalog catalog = rooms.catalogs().of(view);
      if (catalog.version() != catalogVersion) {
        throw new QuorateException(
            ErrorCode.WRITE_CONFLICT, "the catalog is not the one that the plan was made for");
      }
      ExecutionContext context =
          context(view, catalog, statement, parameters, now, cancel, sequences);
      return new Evaluated(catalog, plan.evaluate(context));
    };
  }

  Redefining redefining(Statement statement, CancelFlag cancel) {
    Instant now = rooms.clock().instant();
    return view -> {
      Planned planned = plan(statement, view, cancel);
      if (!(planned.plan() instanceof Plan.Definition definition)) {
        throw new QuorateException(
            ErrorCode.INTERNAL_ERROR, "a definition is planned as something else now");
      }
      return definition.evaluate(
          context(view, planned.catalog(), statement, List.of(), now, cancel, SequenceValues.NONE));
    };
  }

  /** Remembers the plan for the last view's revision, which the lists of a batch have in common. */
  private final class PlanOfView {
    private final Statement statement;
    private final CancelFlag cancel;
    private @Nullable Planned last;
    private long revision = -1;

    PlanOfView(Statement statement, CancelFlag cancel) {
      this.statement = statement;
      this.cancel = cancel;
    }

    Change changeOf(ReadView view) {
      Planned planned = of(view);
      if (planned.plan() instanceof Plan.Change change) {
        return new Change(change, planned.catalog());
      }
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER, "the statement changes no rows, which a batch must");
    }

    private Planned of(ReadView view) {
      Planned known = last;
      if (known == null || revision != view.revision()) {
        known = plan(statement, view, cancel);
        last = known;
        revision = view.revision();
      }
      return known;
    }
  }
}
