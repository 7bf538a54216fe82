package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.TableSource;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.statistics.AnalyzedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelDistribution;
import org.apache.calcite.rel.RelDistributionTraitDef;
import org.apache.calcite.rel.RelReferentialConstraint;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.ColumnStrategy;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql2rel.InitializerContext;
import org.apache.calcite.sql2rel.InitializerExpressionFactory;
import org.apache.calcite.sql2rel.NullInitializerExpressionFactory;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** A table of the catalog as Calcite sees it. Immutable but for its statistics. */
final class StoreTable extends PlannedTable {
  static final String KEY_NAME = "$KEY";

  /** The store's key of a row, a last column of the table that UPDATE and DELETE work on. */
  private static final ColumnDef KEY =
      new ColumnDef(KEY_NAME, SqlType.of(Name.VARBINARY), false, null);

  /** More than one expression can have. */
  private static final int SEQUENCE_PLACES_MAX = 1 << 20;

  private final TableCodec codec;
  private final TableStatistics statistics;
  private final boolean withKey;

  StoreTable(TableCodec codec, TableStatistics statistics, boolean withKey) {
    super(columns(codec.definition(), withKey));
    this.codec = codec;
    this.statistics = statistics;
    this.withKey = withKey;
  }

  private static List<Column> columns(TableDef table, boolean withKey) {
    List<Column> columns = new ArrayList<>();
    for (ColumnDef column : table.visibleColumns()) {
      columns.add(new Column(column.name(), column.type(), column.nullable()));
    }
    if (withKey) {
      columns.add(new Column(KEY.name(), KEY.type(), KEY.nullable()));
    }
    return columns;
  }

  StoreTable withKey() {
    return new StoreTable(codec, statistics, true);
  }

  TableCodec codec() {
    return codec;
  }

  TableDef definition() {
    return codec.definition();
  }

  double rowCount() {
    return Math.max(1, statistics.rowCount(definition()));
  }

  /** What is known of each column, in their order. */
  List<Optional<KnownColumn>> knownColumns() {
    Optional<AnalyzedTable> analyzed = statistics.find(definition());
    if (analyzed.isEmpty()) {
      return List.of();
    }
    double rows = rowCount();
    List<Optional<KnownColumn>> known = new ArrayList<>();
    for (ColumnDef column : definition().visibleColumns()) {
      known.add(
          analyzed.get().find(column).map(found -> new KnownColumn(found, column.type(), rows)));
    }
    return known;
  }

  /** Changes with each ANALYZE of the table. */
  long analyzedRevision() {
    return statistics.find(definition()).map(AnalyzedTable::revision).orElse(0L);
  }

  @Override
  TableSource source(Optional<AccessPath> path, int[] columns) {
    int[] ordinals = columns.clone();
    int keyColumn = definition().visibleColumns().size();
    for (int i = 0; withKey && i < ordinals.length; i++) {
      ordinals[i] = ordinals[i] == keyColumn ? TableSource.KEY_COLUMN : ordinals[i];
    }
    return new TableSource(path.orElseGet(() -> AccessPath.all(codec)), ordinals);
  }

  private List<ImmutableBitSet> keys() {
    List<ImmutableBitSet> keys = new ArrayList<>();
    keys.add(ImmutableBitSet.of(definition().primaryKey()));
    for (IndexDef index : definition().indexes()) {
      boolean nullable =
          index.columns().stream().anyMatch(i -> definition().columns().get(i).nullable());
      if (index.unique() && !nullable) {
        keys.add(ImmutableBitSet.of(index.columns()));
      }
    }
    return keys;
  }

  @Override
  public Statistic getStatistic() {
    List<ImmutableBitSet> visible =
        keys().stream()
            .filter(key -> key.length() <= definition().visibleColumns().size())
            .toList();
    double rowCount = rowCount();
    return new Statistic() {
      @Override
      public Double getRowCount() {
        return rowCount;
      }

      @Override
      public boolean isKey(ImmutableBitSet columns) {
        return visible.stream().anyMatch(columns::contains);
      }

      @Override
      public List<ImmutableBitSet> getKeys() {
        return visible;
      }

      @Override
      public List<RelReferentialConstraint> getReferentialConstraints() {
        return List.of();
      }

      @Override
      public List<RelCollation> getCollations() {
        return List.of();
      }

      @Override
      public RelDistribution getDistribution() {
        return RelDistributionTraitDef.INSTANCE.getDefault();
      }
    };
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> wanted) {
    return wanted == InitializerExpressionFactory.class
        ? wanted.cast(new Defaults())
        : super.unwrap(wanted);
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return rowType();
  }

  /** The DEFAULTs of the columns. */
  private final class Defaults extends NullInitializerExpressionFactory {
    @Override
    public ColumnStrategy generationStrategy(RelOptTable table, int ordinal) {
      ColumnDef column = column(ordinal);
      if (column.defaultSql() != null
          || column.identity() != null
          || column.generatedSql() != null) {
        return ColumnStrategy.DEFAULT;
      }
      return column.nullable() ? ColumnStrategy.NULLABLE : ColumnStrategy.NOT_NULLABLE;
    }

    private ColumnDef column(int ordinal) {
      List<ColumnDef> columns = definition().visibleColumns();
      return ordinal < columns.size() ? columns.get(ordinal) : KEY;
    }

    @Override
    public RexNode newColumnDefaultValue(
        RelOptTable table, int ordinal, InitializerContext context) {
      ColumnDef column = column(ordinal);
      if (column.defaultSql() == null) {
        RelDataType type = Types.toCalcite(column.type(), true);
        return context.getRexBuilder().makeNullLiteral(type);
      }
      SqlNode parsed = StatementParser.parseExpression(Objects.requireNonNull(column.defaultSql()));
      SqlNode complete =
          StatementValidator.withSequences(
              parsed,
              (CalciteCatalogReader) Objects.requireNonNull(table.getRelOptSchema()),
              (ordinal + 1) * SEQUENCE_PLACES_MAX);
      SqlNode validated = context.validateExpression(table.getRowType(), complete);
      return context.convertExpression(validated);
    }
  }
}
