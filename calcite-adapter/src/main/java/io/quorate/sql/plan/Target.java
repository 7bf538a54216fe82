package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ForeignKey;
import io.quorate.sql.exec.RowChecks;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.WrittenTable;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.StatementParser;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/**
 * A table of one catalog as the plans that write it need it. Thread-safe: what only some of them
 * need is compiled by the first.
 */
final class Target implements WrittenTable {
  /** Look-ups by key that a short insert of one row may add to its own. */
  private static final int SHORT_REFERENCES_MAX = 8;

  private final @Nullable Schemas tables;
  private final TableCodec codec;
  private final Supplier<Checks> checks;
  private final List<ForeignKey> references;
  private final List<ForeignKey> referrers;
  private final Map<Integer, Plan.Query> defaults = new ConcurrentHashMap<>();

  private Target(
      @Nullable Schemas tables,
      TableCodec codec,
      Supplier<Checks> checks,
      List<ForeignKey> references,
      List<ForeignKey> referrers) {
    this.tables = tables;
    this.codec = codec;
    this.checks = checks;
    this.references = List.copyOf(references);
    this.referrers = List.copyOf(referrers);
  }

  /**
   * One that no foreign key binds to others, and that therefore keeps nothing of them with its
   * plan.
   *
   * @param checks for the rows that come
   */
  static Target unbound(TableCodec codec, Checks checks) {
    return new Target(null, codec, () -> checks, List.of(), List.of());
  }

  /**
   * One that foreign keys bind.
   *
   * @param tables of the catalog
   */
  static Target bound(
      Schemas tables, TableCodec codec, List<ForeignKey> references, List<ForeignKey> referrers) {
    return new Target(
        tables, codec, () -> tables.checks(codec.definition()), references, referrers);
  }

  boolean isShortToInsert() {
    return checks.get().areShort() && references.size() <= SHORT_REFERENCES_MAX;
  }

  /** Rows that refer to one that goes are as many as there are. */
  boolean isShortToDelete() {
    return referrers.isEmpty();
  }

  boolean isShortToUpdate(int[] assigned) {
    return isShortToInsert()
        && referrers.stream()
            .flatMap(key -> key.definition().referenced().stream())
            .noneMatch(column -> contains(assigned, column) || isGenerated(column));
  }

  private boolean isGenerated(int column) {
    return codec.definition().columns().get(column).generatedSql() != null;
  }

  private static boolean contains(int[] columns, int column) {
    for (int each : columns) {
      if (each == column) {
        return true;
      }
    }
    return false;
  }

  @Override
  public TableCodec codec() {
    return codec;
  }

  @Override
  public RowChecks checks(ExecutionContext context) {
    return checks.get().in(context, codec);
  }

  @Override
  public List<ForeignKey> references() {
    return references;
  }

  @Override
  public List<ForeignKey> referrers() {
    return referrers;
  }

  @Override
  public Target other(int table) {
    return schemas().target(table);
  }

  private Schemas schemas() {
    return Objects.requireNonNull(tables, "no foreign key leads away from here");
  }

  @Override
  public @Nullable Object defaultOf(int column, ExecutionContext context) {
    ColumnDef definition = codec.definition().columns().get(column);
    if (definition.defaultSql() == null) {
      return null;
    }
    Plan.Query query =
        defaults.computeIfAbsent(column, key -> planned(definition, codec.definition()));
    try (RowCursor rows = query.open(context)) {
      @Nullable Object[] row = rows.next();
      if (row == null) {
        throw new SqlFailure(State.INTERNAL_ERROR, "a DEFAULT gave no row");
      }
      return row[0];
    }
  }

  private Plan.Query planned(ColumnDef column, TableDef table) {
    SqlNode query = StatementParser.parse("SELECT (" + column.defaultSql() + ")");
    try {
      return CalcitePlanner.query(query, schemas().reader(table.schema()));
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
      throw Failures.planning(e);
    }
  }
}
