package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.RowLayout;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.ColumnCondition;
import io.quorate.sql.codec.ColumnCondition.Compared;
import io.quorate.sql.codec.Comparison;
import io.quorate.sql.codec.RandomValues;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.StoredRows;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.TreeMapView;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random tables, some of whose rows were written before columns came and went, and random
 * conditions: a scan that tells from bytes what it keeps, against the condition as it is computed
 * on each row.
 */
final class ScanConditionTest {
  private static final int TABLES = 150;
  private static final int ROWS = 60;
  private static final int CONDITIONS = 40;
  private static final SqlType KEY = SqlType.of(Name.BIGINT);

  private static final List<SqlOperator> COMPARISONS =
      List.of(
          SqlStdOperatorTable.EQUALS,
          SqlStdOperatorTable.NOT_EQUALS,
          SqlStdOperatorTable.LESS_THAN,
          SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
          SqlStdOperatorTable.GREATER_THAN,
          SqlStdOperatorTable.GREATER_THAN_OR_EQUAL);

  /** On both sides of where the orders of UTF-8 and UTF-16 part. */
  private static final int[] CODE_POINTS = {
    0, 'a', 'b', 0xE9, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xEFFF, 0xFFFD, 0x10000, 0x1F600, 0x10FFFF
  };

  @Test
  void a_scan_keeps_the_rows_that_satisfy_the_condition() {
    for (int seed = 0; seed < TABLES; seed++) {
      Round round = new Round(seed);
      for (int i = 0; i < CONDITIONS; i++) {
        round.newCondition();
        List<Row> kept = round.scanned(UnaryOperator.identity());
        assertThat(kept).as("seed %s, %s", seed, round.described()).isEqualTo(round.expected());
      }
    }
  }

  /** Of a scan that compares wrongly the test above would tell. */
  @Test
  void a_comparison_that_is_another_is_noticed() {
    for (Comparison planted : Comparison.values()) {
      Comparison instead =
          switch (planted) {
            case EQUAL -> Comparison.LESS_OR_EQUAL;
            case NOT_EQUAL -> Comparison.GREATER;
            case LESS -> Comparison.LESS_OR_EQUAL;
            case LESS_OR_EQUAL -> Comparison.LESS;
            case GREATER -> Comparison.GREATER_OR_EQUAL;
            case GREATER_OR_EQUAL -> Comparison.GREATER;
          };
      assertThat(noticed(condition -> compared(condition, planted, instead)))
          .as("%s", planted)
          .isTrue();
    }
    assertThat(
            noticed(
                condition ->
                    new ColumnCondition<>(
                        condition.column(),
                        condition.isNull() || condition.comparisons().size() == 1,
                        condition.isNotNull(),
                        condition.comparisons())))
        .isTrue();
  }

  private static ColumnCondition<Expression> compared(
      ColumnCondition<Expression> condition, Comparison planted, Comparison instead) {
    List<Compared<Expression>> all = new ArrayList<>();
    for (Compared<Expression> each : condition.comparisons()) {
      Comparison comparison = each.comparison() == planted ? instead : each.comparison();
      all.add(new Compared<>(comparison, each.value()));
    }
    return new ColumnCondition<>(
        condition.column(), condition.isNull(), condition.isNotNull(), all);
  }

  private static boolean noticed(UnaryOperator<ColumnCondition<Expression>> fault) {
    for (int seed = 0; seed < TABLES; seed++) {
      Round round = new Round(seed);
      for (int i = 0; i < CONDITIONS; i++) {
        round.newCondition();
        if (!round.scanned(fault).equals(round.expected())) {
          return true;
        }
      }
    }
    return false;
  }

  /** A table, its rows, and one condition after the other. */
  private static final class Round {
    private final SplittableRandom random;
    private final RandomValues values;
    private final TreeMapView view = new TreeMapView();
    private final TableCodec table;
    private final List<ColumnDef> columns;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    private final List<@Nullable Object> parameters = new ArrayList<>();
    private RexNode condition = Rex.BUILDER.makeLiteral(true);

    Round(int seed) {
      this.random = new SplittableRandom(seed);
      this.values = new RandomValues(random);
      List<SqlType> types = new ArrayList<>(List.of(KEY));
      IntStream.range(0, 1 + random.nextInt(10)).forEach(i -> types.add(type()));
      TableDef old = table(types, RowLayout.dense(types.size()));
      put(new TableCodec(old), types, 0, ROWS / 2);
      this.table = new TableCodec(changed(types));
      this.columns = table.definition().columns();
      put(table, columns.stream().map(ColumnDef::type).toList(), ROWS / 2, ROWS);
      RowCursor all = view.scan(table.definition().id(), Optional.empty(), Optional.empty());
      while (all.next()) {
        rows.add(table.rows().decode(all.row()));
      }
    }

    private SqlType type() {
      return RandomValues.TYPES.get(random.nextInt(RandomValues.TYPES.size()));
    }

    private static TableDef table(List<SqlType> types, RowLayout layout) {
      List<ColumnDef> columns = new ArrayList<>();
      for (SqlType type : types) {
        columns.add(new ColumnDef("C" + columns.size(), type, true, null));
      }
      return new TableDef(
          20,
          "PUBLIC",
          "T",
          columns,
          List.of(0),
          "K",
          List.of(),
          List.of(),
          List.of(),
          layout,
          null);
    }

    /** The table with one column less, or not, and some more. */
    private TableDef changed(List<SqlType> before) {
      List<SqlType> types = new ArrayList<>(before);
      List<Integer> slots = new ArrayList<>(IntStream.range(0, types.size()).boxed().toList());
      TreeMap<Integer, Row> missing = new TreeMap<>();
      if (random.nextInt(3) > 0) {
        int gone = 1 + random.nextInt(types.size() - 1);
        types.remove(gone);
        slots.remove(gone);
      }
      int next = before.size();
      for (int i = random.nextInt(3); i > 0; i--) {
        SqlType type = type();
        types.add(type);
        slots.add(next);
        if (random.nextBoolean()) {
          missing.put(next, RowCodec.missing(type, value(type)));
        }
        next++;
      }
      return table(types, new RowLayout(slots, next, missing));
    }

    private void put(TableCodec codec, List<SqlType> types, long from, long to) {
      for (long id = from; id < to; id++) {
        @Nullable Object[] row = new @Nullable Object[types.size()];
        for (int i = 0; i < row.length; i++) {
          row[i] = random.nextInt(6) == 0 ? null : value(types.get(i));
        }
        row[0] = id;
        view.put(codec.definition().id(), codec.key(row), codec.rows().encode(row));
      }
    }

    private Object value(SqlType type) {
      if (type.name() == Name.CHAR || type.name() == Name.VARCHAR) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
          text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
      }
      return values.next(type);
    }

    void newCondition() {
      parameters.clear();
      List<RexNode> conjuncts = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        int column = random.nextInt(columns.size());
        List<RexNode> alternatives = new ArrayList<>();
        for (int j = random.nextInt(4) == 0 ? 3 : 1; j > 0; j--) {
          alternatives.add(alternative(column));
        }
        conjuncts.add(RexUtil.composeDisjunction(Rex.BUILDER, alternatives));
      }
      condition = RexUtil.composeConjunction(Rex.BUILDER, conjuncts);
    }

    private RexNode alternative(int column) {
      SqlType type = columns.get(column).type();
      RexNode reference = Rex.BUILDER.makeInputRef(Types.toCalcite(type, true), column);
      int kind = random.nextInt(10);
      if (kind < 2) {
        return Rex.BUILDER.makeCall(
            kind == 0 ? SqlStdOperatorTable.IS_NULL : SqlStdOperatorTable.IS_NOT_NULL, reference);
      }
      SqlType other = comparedWith(type);
      parameters.add(constant(column, type, other));
      RexNode value =
          Rex.BUILDER.makeDynamicParam(Types.toCalcite(other, true), parameters.size() - 1);
      SqlOperator operator = COMPARISONS.get(random.nextInt(COMPARISONS.size()));
      return random.nextInt(4) == 0
          ? Rex.BUILDER.makeCall(operator, value, reference)
          : Rex.BUILDER.makeCall(operator, reference, value);
    }

    private SqlType comparedWith(SqlType type) {
      SqlType decimal = new SqlType(Name.DECIMAL, 38, 7);
      List<SqlType> others =
          switch (type.name()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> List.of(type, KEY, decimal);
            case REAL, DOUBLE -> List.of(type, KEY, decimal, SqlType.of(Name.DOUBLE));
            default -> List.of(type);
          };
      return others.get(random.nextInt(others.size()));
    }

    /** NULL, any, one that a row has, or one close to that. */
    private @Nullable Object constant(int column, SqlType type, SqlType other) {
      Object there = rows.get(random.nextInt(rows.size()))[column];
      int kind = random.nextInt(12);
      if (kind == 0 || there == null) {
        return null;
      }
      if (kind < 3) {
        return value(other);
      }
      if (type.equals(other)) {
        return there;
      }
      if (!(there instanceof Number number) || !Double.isFinite(number.doubleValue())) {
        return value(other);
      }
      BigDecimal exact = new BigDecimal(number.toString());
      BigDecimal near = exact.add(new BigDecimal(random.nextInt(-1, 2)).movePointLeft(6));
      return switch (other.name()) {
        case BIGINT -> exact.longValue();
        case DOUBLE -> number.doubleValue();
        default -> random.nextBoolean() ? exact : near;
      };
    }

    private Frame frame() {
      ExecutionContext context =
          new ExecutionContext(
              view,
              Catalog.empty(),
              List.of(),
              "tester",
              () -> "",
              TestDatabase.NOW,
              random,
              SystemTables.NONE,
              1 << 20,
              CancelFlag.NEVER);
      return new Frame(context, parameters, table.rows());
    }

    List<Row> expected() {
      Frame frame = frame();
      Expression whole = RexCompiler.compile(condition).orElseThrow();
      List<Row> kept = new ArrayList<>();
      RowCursor all = view.scan(table.definition().id(), Optional.empty(), Optional.empty());
      while (all.next()) {
        frame.moveTo(all.row());
        if (RexCompiler.holds(whole, frame)) {
          kept.add(all.row());
        }
      }
      return kept;
    }

    /** In the order of the key. */
    List<Row> scanned(UnaryOperator<ColumnCondition<Expression>> fault) {
      ScanCondition parts = ScanCondition.of(condition, columns);
      assertThat(parts.rest().isAlwaysTrue()).as("%s", parts.rest()).isTrue();
      boolean backward = random.nextBoolean();
      AccessPath path = AccessPath.all(table).keeping(parts.columns().stream().map(fault).toList());
      StoredRows rows =
          new StoredRows(backward ? path.reversed() : path, frame(), 1 + random.nextInt(20));
      List<Row> kept = new ArrayList<>();
      while (rows.next()) {
        kept.add(rows.row());
      }
      if (backward) {
        Collections.reverse(kept);
      }
      return kept;
    }

    String described() {
      return condition + " with " + Arrays.deepToString(parameters.toArray());
    }
  }
}
