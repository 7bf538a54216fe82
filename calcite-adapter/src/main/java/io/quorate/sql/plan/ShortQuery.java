package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.MemoryMeter;
import io.quorate.sql.exec.Parameters;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StepCounts;
import io.quorate.sql.exec.StoredRows;
import io.quorate.sql.exec.Values;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.RowBatch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** A query of one table that runs without generated code: key, filter, columns, order, limit. */
final class ShortQuery implements Plan.Query, Counted {
  /** The steps that are counted: the scan, which may have a filter, and the filter behind it. */
  private static final int READ = 0;

  private static final int KEPT = 1;

  private static final SqlType COUNT = SqlType.of(SqlType.Name.BIGINT);

  private final List<ResultColumn> parameters;
  private final List<ResultColumn> columns;
  private final AccessPath path;
  private final Optional<Expression> condition;
  private final Expression[] projects;
  private final List<SortKey> sort;
  private final @Nullable Expression offset;
  private final @Nullable Expression fetch;
  private final boolean withKeys;
  private final List<String> explained;
  private final boolean scanFilters;
  private final double readEstimate;
  private final boolean brief;
  private final PlannedSizes sizes;
  private final boolean forAllValues;

  private record SortKey(Expression value, boolean descending, boolean nullsFirst) {}

  private ShortQuery(
      List<ResultColumn> parameters,
      List<ResultColumn> columns,
      SingleTable query,
      AccessPaths.Choice choice,
      Compiled compiled,
      Extent extent) {
    this.parameters = parameters;
    this.columns = List.copyOf(columns);
    this.path = choice.path();
    this.condition = compiled.condition;
    this.projects = compiled.projects.toArray(Expression[]::new);
    this.sort = choice.ordered() && isByColumns(query) ? List.of() : compiled.sort;
    this.offset = extent == Extent.WHOLE_WITH_KEYS ? null : compiled.offset.orElse(null);
    this.fetch = extent == Extent.WHOLE_WITH_KEYS ? null : compiled.fetch.orElse(null);
    this.withKeys = extent != Extent.PLAIN;
    this.explained = explain(query, choice.condition());
    this.scanFilters = !choice.condition().pushed().isAlwaysTrue();
    this.readEstimate = path.isPoint() ? 1 : query.table().rowCount() * choice.share();
    this.sizes = PlannedSizes.of(path, query.table());
    this.forAllValues = choice.forAllValues();
    this.brief =
        path.isPoint()
            && ShortExpressions.are(List.of(query.condition()))
            && ShortExpressions.are(query.projects())
            && ShortExpressions.are(query.sort());
  }

  /** What is handed out of the query. */
  private enum Extent {
    PLAIN,
    /** Behind the columns of each row its key in the store. */
    WITH_KEYS,
    /** The same of all rows, whatever OFFSET and LIMIT are. */
    WHOLE_WITH_KEYS
  }

  private record Compiled(
      Optional<Expression> condition,
      List<Expression> projects,
      List<SortKey> sort,
      Optional<Expression> offset,
      Optional<Expression> fetch) {}

  private static boolean isByColumns(SingleTable query) {
    return query.order().size() == query.sort().size();
  }

  /** Empty when an expression needs generated code. */
  static Optional<ShortQuery> of(
      SingleTable query, List<ResultColumn> parameters, List<ResultColumn> columns) {
    return of(query, parameters, columns, Extent.PLAIN);
  }

  /**
   * As {@link #of}, with the key of each row in the store behind its columns.
   *
   * @param whole whether all rows are handed out, whatever OFFSET and LIMIT are
   */
  static Optional<ShortQuery> ofLocked(
      SingleTable query, List<ResultColumn> parameters, List<ResultColumn> columns, boolean whole) {
    return of(query, parameters, columns, whole ? Extent.WHOLE_WITH_KEYS : Extent.WITH_KEYS);
  }

  private static Optional<ShortQuery> of(
      SingleTable query, List<ResultColumn> parameters, List<ResultColumn> columns, Extent extent) {
    AccessPaths.Choice choice =
        AccessPaths.choose(
            query.table(), query.condition(), query.order(), query.fetch().isPresent());
    return compile(query, choice.condition().rest())
        .map(compiled -> new ShortQuery(parameters, columns, query, choice, compiled, extent));
  }

  /**
   * @param rest what the path has left of the condition
   */
  private static Optional<Compiled> compile(SingleTable query, RexNode rest) {
    boolean all = rest.isAlwaysTrue();
    Optional<Expression> condition = RexCompiler.compile(rest);
    Optional<List<Expression>> projects = RexCompiler.compile(query.projects());
    Optional<List<Expression>> sort = RexCompiler.compile(query.sort());
    Optional<Expression> offset = query.offset().flatMap(RexCompiler::compile);
    Optional<Expression> fetch = query.fetch().flatMap(RexCompiler::compile);
    if (condition.isEmpty()
        || projects.isEmpty()
        || sort.isEmpty()
        || offset.isPresent() != query.offset().isPresent()
        || fetch.isPresent() != query.fetch().isPresent()) {
      return Optional.empty();
    }
    List<SortKey> keys = new ArrayList<>();
    for (int i = 0; i < sort.get().size(); i++) {
      RelFieldCollation direction = query.directions().get(i);
      keys.add(
          new SortKey(
              sort.get().get(i),
              direction.getDirection().isDescending(),
              direction.nullDirection == RelFieldCollation.NullDirection.FIRST));
    }
    return Optional.of(
        new Compiled(all ? Optional.empty() : condition, projects.get(), keys, offset, fetch));
  }

  @Override
  public List<ResultColumn> parameters() {
    return parameters;
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  /** Whether the rows need no sort. */
  boolean isInOrder() {
    return sort.isEmpty();
  }

  /** The one value of the first row; null when there is none. */
  @Nullable Object firstValue(ExecutionContext context) {
    try (RowCursor rows = open(context)) {
      @Nullable Object[] first = rows.next();
      return first == null ? null : first[0];
    }
  }

  @Override
  public boolean isShort() {
    return brief;
  }

  @Override
  public boolean isStale() {
    return sizes.isStale();
  }

  @Override
  public boolean suitsAllValues() {
    return forAllValues;
  }

  @Override
  public int stepCount() {
    return KEPT + 1;
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    return run(context, null);
  }

  @Override
  public RowCursor open(ExecutionContext context, StepCounts counts) {
    return run(context, counts);
  }

  /** Counts only where there is something to count in: a lookup takes a microsecond. */
  private RowCursor run(ExecutionContext context, @Nullable StepCounts counts) {
    Frame frame =
        new Frame(
            context, Parameters.convert(parameters, context.parameters()), path.table().rows());
    long skipped = count(offset, frame, "OFFSET").orElse(0L);
    long rowCountMax = count(fetch, frame, "LIMIT").orElse(Long.MAX_VALUE);
    if (skipped == 0 && rowCountMax == Long.MAX_VALUE) {
      return rows(frame, counts, StoredRows.ROWS_FIRST);
    }
    long wanted = Math.min(skipped, RowBatch.ROWS_MAX) + Math.min(rowCountMax, RowBatch.ROWS_MAX);
    return new Cut(rows(frame, counts, (int) wanted), skipped, rowCountMax);
  }

  private RowCursor rows(Frame frame, @Nullable StepCounts counts, int wanted) {
    return sort.isEmpty()
        ? new Rows(new StoredRows(path, frame, wanted), frame, counts)
        : sorted(frame, counts);
  }

  /** What stands behind OFFSET or LIMIT; empty for nothing, or NULL. */
  static Optional<Long> count(@Nullable Expression bound, Frame frame, String name) {
    if (bound == null) {
      return Optional.empty();
    }
    Object value = bound.evaluate(frame);
    if (value == null) {
      return Optional.empty();
    }
    long count = (Long) Conversion.convert(value, COUNT);
    if (count < 0) {
      throw new SqlFailure(State.INVALID_PARAMETER, name + " must not be negative");
    }
    return Optional.of(count);
  }

  /** The rows that satisfy the condition, as they come. */
  private final class Rows implements RowCursor {
    private final Frame frame;
    private final StoredRows rows;
    private final @Nullable StepCounts counts;

    Rows(StoredRows rows, Frame frame, @Nullable StepCounts counts) {
      this.frame = frame;
      this.rows = rows;
      this.counts = counts;
    }

    boolean advance() {
      while (rows.next()) {
        frame.moveTo(rows.row());
        count(READ);
        if (condition.isEmpty() || RexCompiler.holds(condition.get(), frame)) {
          count(KEPT);
          return true;
        }
      }
      return false;
    }

    private void count(int step) {
      if (counts != null) {
        counts.addRow(step);
      }
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      return advance() ? project(frame, rows) : null;
    }

    @Override
    public void close() {}
  }

  private @Nullable Object[] project(Frame frame, StoredRows rows) {
    @Nullable Object[] values = new @Nullable Object[projects.length + (withKeys ? 1 : 0)];
    for (int i = 0; i < projects.length; i++) {
      values[i] = Values.result(columns.get(i).type(), projects[i].evaluate(frame));
    }
    if (withKeys) {
      values[projects.length] = rows.key().unsafeBytes();
    }
    return values;
  }

  private static final class Sorted {
    final @Nullable Object[] keys;
    final @Nullable Object[] row;

    Sorted(@Nullable Object[] keys, @Nullable Object[] row) {
      this.keys = keys;
      this.row = row;
    }
  }

  private RowCursor sorted(Frame frame, @Nullable StepCounts counts) {
    MemoryMeter meter =
        counts == null ? new MemoryMeter(frame.context().memoryBytesMax()) : counts.meter();
    List<Sorted> all = new ArrayList<>();
    Rows rows = new Rows(new StoredRows(path, frame), frame, counts);
    while (rows.advance()) {
      @Nullable Object[] keys = new @Nullable Object[sort.size()];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = sort.get(i).value.evaluate(frame);
      }
      Sorted row = new Sorted(keys, project(frame, rows.rows));
      meter.addRow(row.row);
      meter.addRow(keys);
      all.add(row);
    }
    all.sort((a, b) -> compare(a.keys, b.keys));
    Iterator<Sorted> iterator = all.iterator();
    return new RowCursor() {
      @Override
      public @Nullable Object @Nullable [] next() {
        return iterator.hasNext() ? iterator.next().row : null;
      }

      @Override
      public void close() {}
    };
  }

  private int compare(@Nullable Object[] left, @Nullable Object[] right) {
    for (int i = 0; i < left.length; i++) {
      SortKey key = sort.get(i);
      Object a = left[i];
      Object b = right[i];
      int order;
      if (a == null || b == null) {
        order = Boolean.compare(a == null, b == null) * (key.nullsFirst ? -1 : 1);
      } else {
        order = key.descending ? Values.compare(b, a) : Values.compare(a, b);
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** OFFSET and LIMIT. */
  private static final class Cut implements RowCursor {
    private final RowCursor rows;
    private long skipped;
    private long left;

    Cut(RowCursor rows, long skipped, long left) {
      this.rows = rows;
      this.skipped = skipped;
      this.left = left;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      if (left <= 0) {
        return null;
      }
      while (skipped > 0) {
        skipped--;
        if (rows.next() == null) {
          left = 0;
          return null;
        }
      }
      left--;
      return rows.next();
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  /** The lines behind the first are of what is counted: of the path, and of each filter. */
  private List<String> explain(SingleTable query, ScanCondition parts) {
    List<String> lines = new ArrayList<>();
    lines.add("Short plan on " + Explained.name(query.table().definition()));
    lines.add("  Access: " + path.describe());
    Explained.conditions(parts, query.table())
        .lines()
        .filter(line -> !line.isEmpty())
        .forEach(line -> lines.add("  " + line));
    if (!query.sort().isEmpty()) {
      lines.add(
          sort.isEmpty()
              ? "  Order: as the key has it"
              : "  Sort: " + Explained.text(query.sort(), query.table()));
    }
    query.offset().ifPresent(node -> lines.add("  Offset: " + shown(node)));
    query.fetch().ifPresent(node -> lines.add("  Limit: " + shown(node)));
    return lines;
  }

  private static String shown(RexNode node) {
    return node.toString();
  }

  @Override
  public String explain() {
    return String.join("\n", explained);
  }

  @Override
  public String explain(StepCounts counts) {
    List<String> lines = new ArrayList<>(explained);
    String read = "actual rows=" + counts.rows(READ) + ")";
    String estimated = " (estimated rows=" + Math.round(Math.max(1, readEstimate));
    int line = 1;
    if (scanFilters) {
      lines.set(line, lines.get(line) + estimated + ")");
      line++;
      lines.set(line, lines.get(line) + " (" + read);
    } else {
      lines.set(line, lines.get(line) + estimated + ", " + read);
    }
    line++;
    if (condition.isPresent()) {
      lines.set(line, lines.get(line) + " (actual rows=" + counts.rows(KEPT) + ")");
    }
    return String.join("\n", lines);
  }
}
