package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogEdit;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.ReservedCounts;
import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.SequenceGenerator;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.SequenceValues;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.statistics.AnalyzedTable;
import io.quorate.sql.statistics.StatisticsReader;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import io.quorate.sql.store.TreeMapView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** SQL on sorted maps: plan, evaluate, apply. Confined to one thread. */
public final class TestDatabase {
  public static final Instant NOW = Instant.parse("2026-11-22T10:20:30.123456789Z");

  private final TreeMapView view = new TreeMapView();
  private final CatalogReader catalogs = new CatalogReader();
  private final SplittableRandom random = new SplittableRandom(42);
  private final Given sequences = new Given();
  private final TableStatistics statistics = new Statistics();
  private final CalcitePlanner planner;
  private final SystemTables system;
  private long memoryBytesMax = 1L << 30;
  private CancelFlag cancel = CancelFlag.NEVER;
  private String user = "tester";

  public TestDatabase() {
    this(SystemTables.NONE);
  }

  public TestDatabase(SystemTables system) {
    this.system = system;
    this.planner =
        new CalcitePlanner(
            statistics,
            system,
            (password, random) -> "v:" + password,
            new PlannerClocks(InstantSource.fixed(NOW), () -> 0));
  }

  /** As the server reads them. */
  private final class Statistics implements TableStatistics {
    private final StatisticsReader reader = new StatisticsReader();

    @Override
    public double rowCount(TableDef table) {
      return view.rowCount(table.id());
    }

    @Override
    public Optional<AnalyzedTable> find(TableDef table) {
      return reader.find(view, table.id());
    }
  }

  TableStatistics statistics() {
    return statistics;
  }

  public TreeMapView view() {
    return view;
  }

  public CalcitePlanner planner() {
    return planner;
  }

  public Catalog catalog() {
    return catalogs.read(view);
  }

  void memoryBytesMax(long bytes) {
    memoryBytesMax = bytes;
  }

  /** From now on statements are this user's. */
  TestDatabase as(String other) {
    user = other;
    return this;
  }

  void cancel(CancelFlag flag) {
    cancel = flag;
  }

  public Plan plan(String sql) {
    Plan plan = planner.plan(catalog(), Catalog.DEFAULT_SCHEMA, sql, cancel);
    planner.authorize(catalog(), Catalog.DEFAULT_SCHEMA, sql, user);
    return plan;
  }

  /** Runs DDL or DML; the rows changed, 0 for DDL. */
  public long execute(String sql, @Nullable Object... parameters) {
    Plan plan = plan(sql);
    if (plan instanceof Plan.Definition definition) {
      Plan.Redefinition made = definition.evaluate(context(parameters));
      Iterator<List<StoreChange>> preparation = made.preparation();
      while (preparation.hasNext()) {
        view.apply(preparation.next());
      }
      view.apply(made.changes());
      made.clearedTables().forEach(view::clear);
      made.build().ifPresent(this::build);
      return 0;
    }
    Plan.Changes changes = ((Plan.Change) plan).evaluate(context(parameters));
    view.apply(changes.changes());
    return changes.updateCount();
  }

  private void build(IndexBuild index) {
    IndexBuild.Run run = run(index, Optional.empty());
    while (run.last().isPresent()) {
      try {
        view.apply(index.missing(view, run.rows()));
      } catch (SqlFailure e) {
        end(Definitions.withoutUnfinished(catalog()).orElseThrow());
        throw e;
      }
      run = run(index, run.last());
    }
    end(Definitions.finishIndex(catalog(), index.table()));
  }

  /** A short one, so that there are many. */
  private IndexBuild.Run run(IndexBuild index, Optional<RowKey> after) {
    return index.run(view, after, 10_000, cancel::check);
  }

  private void end(CatalogEdit edit) {
    view.apply(CatalogEdit.changes(view, catalog(), edit.after()));
    edit.clearedTables().forEach(view::clear);
  }

  public List<List<@Nullable Object>> query(String sql, @Nullable Object... parameters) {
    return rows((Plan.Query) plan(sql), parameters);
  }

  public List<List<@Nullable Object>> rows(Plan.Query plan, @Nullable Object... parameters) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (RowCursor cursor = plan.open(context(parameters))) {
      for (@Nullable Object[] row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(Arrays.asList(row));
      }
    }
    return rows;
  }

  /** Rows as text: values split by a bar, a row a line. */
  public String text(String sql, @Nullable Object... parameters) {
    StringBuilder text = new StringBuilder();
    for (List<@Nullable Object> row : query(sql, parameters)) {
      StringBuilder line = new StringBuilder();
      for (Object value : row) {
        line.append(line.length() == 0 ? "" : "|").append(value);
      }
      text.append(text.length() == 0 ? "" : "\n").append(line);
    }
    return text.toString();
  }

  /** Sees that the indexes of a table have exactly the entries of its rows. */
  void assertIndexesAgree(String table) {
    TableCodec codec = new TableCodec(catalog().find(Catalog.DEFAULT_SCHEMA, table).orElseThrow());
    Map<Integer, Map<RowKey, Row>> expected = new TreeMap<>();
    codec.indexes().forEach(index -> expected.put(index.definition().id(), new TreeMap<>()));
    entries(codec.definition().id())
        .forEach(
            (key, row) ->
                codec.changes(null, codec.rows().decode(row)).stream()
                    .filter(change -> change.table() != codec.definition().id())
                    .forEach(
                        change ->
                            expected
                                .computeIfAbsent(change.table(), index -> new TreeMap<>())
                                .put(change.key(), Objects.requireNonNull(change.value()))));
    expected.forEach((index, entries) -> assertThat(entries(index)).isEqualTo(entries));
  }

  private Map<RowKey, Row> entries(int store) {
    Map<RowKey, Row> entries = new TreeMap<>();
    ReadView.RowCursor cursor = view.scan(store, Optional.empty(), Optional.empty());
    while (cursor.next()) {
      entries.put(cursor.key(), cursor.row());
    }
    return entries;
  }

  /** The lines of EXPLAIN. */
  public String explain(String sql, @Nullable Object... parameters) {
    return text("EXPLAIN PLAN FOR " + sql, parameters);
  }

  public ExecutionContext context(@Nullable Object... parameters) {
    return new ExecutionContext(
            view,
            catalog(),
            Arrays.asList(parameters),
            user,
            () -> "token",
            NOW,
            random,
            system,
            memoryBytesMax,
            cancel)
        .with(sequences);
  }

  /** In turn, and none twice. */
  private final class Given implements SequenceValues {
    private final Map<Integer, Long> counts = new HashMap<>();
    private final Map<Integer, Long> last = new HashMap<>();

    @Override
    public long next(SequenceGenerator generator) {
      long before = counts.merge(generator.counter(), 1L, Long::sum) - 1;
      if (before >= generator.total()) {
        throw new SqlFailure(State.SEQUENCE_EXHAUSTED, generator.described());
      }
      long value = generator.value(before);
      // As a leader that reserves one by one.
      view.apply(
          List.of(
              new StoreChange(
                  generator.counter(),
                  ReservedCounts.key(before + 1),
                  null,
                  Row.wrap(new byte[0]))));
      if (generator instanceof SequenceDef sequence) {
        last.put(sequence.id(), value);
      }
      return value;
    }

    @Override
    public long last(SequenceDef sequence) {
      Long value = last.get(sequence.id());
      return value == null ? SequenceValues.super.last(sequence) : value;
    }
  }
}
