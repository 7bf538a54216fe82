package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.exec.LookupJoin;
import io.quorate.sql.exec.LookupKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * A side of a join whose rows come of one stored table in such a way that those with some values in
 * the join's fields come of those rows alone that have them in some columns: through filters,
 * computations, joins with other tables, and aggregates that group by the fields.
 *
 * @param scan of the table
 * @param columns by number of a pair of fields that the join has equal, the table's column that is
 *     the field of this side
 * @param path to the scan: of which input it is, from the top
 * @param besides what is joined on the way, and run anew for each batch
 */
record LookupSide(
    StoreScan scan,
    StoreTable table,
    Map<Integer, Integer> columns,
    List<Integer> path,
    List<RelNode> besides) {
  /** Digits of a second that generated code knows. */
  private static final int FRACTION_DIGITS_MAX = 3;

  /** Joins on a path: each look at a join walks all that begin at it. */
  private static final int BESIDES_MAX = 4;

  LookupSide {
    columns = Map.copyOf(columns);
    path = List.copyOf(path);
    besides = List.copyOf(besides);
  }

  /**
   * What a side reads so.
   *
   * @param fields of the side, by number of their pair
   */
  static List<LookupSide> of(RelNode side, Map<Integer, Integer> fields) {
    return of(side, fields, BESIDES_MAX);
  }

  private static List<LookupSide> of(RelNode side, Map<Integer, Integer> fields, int joinsMax) {
    if (fields.isEmpty()) {
      return List.of();
    }
    if (side instanceof StoreScan scan) {
      return scan.stored().flatMap(table -> of(scan, table, fields)).stream().toList();
    }
    if (side instanceof Calc calc) {
      return below(calc, 0, below(calc.getProgram(), fields), joinsMax);
    }
    if (side instanceof Join join && joinsMax > 0) {
      return below(join, fields, joinsMax - 1);
    }
    if (side instanceof Aggregate aggregate && aggregate.getGroupType() == Aggregate.Group.SIMPLE) {
      Map<Integer, Integer> grouped = new HashMap<>();
      fields.forEach(
          (pair, field) -> {
            if (field < aggregate.getGroupCount()) {
              grouped.put(pair, aggregate.getGroupSet().nth(field));
            }
          });
      return below(aggregate, 0, grouped, joinsMax);
    }
    return List.of();
  }

  /**
   * Of the inputs whose rows each come out with their fields or not at all: one that is filled up
   * with NULLs, or told of once for many, is not among them.
   */
  private static List<LookupSide> below(Join join, Map<Integer, Integer> fields, int joinsMax) {
    int leftCount = join.getLeft().getRowType().getFieldCount();
    Map<Integer, Integer> left = new HashMap<>();
    Map<Integer, Integer> right = new HashMap<>();
    fields.forEach(
        (pair, field) -> {
          if (field < leftCount) {
            left.put(pair, field);
          } else {
            right.put(pair, field - leftCount);
          }
        });
    List<LookupSide> sides = new ArrayList<>();
    if (isFollowed(join, 0)) {
      sides.addAll(below(join, 0, left, joinsMax));
    }
    if (isFollowed(join, 1)) {
      sides.addAll(below(join, 1, right, joinsMax));
    }
    return sides;
  }

  private static boolean isFollowed(Join join, int input) {
    if (join instanceof IndexLookupJoin lookups && lookups.outer() != input) {
      return false;
    }
    return switch (join.getJoinType()) {
      case INNER -> true;
      case LEFT, SEMI, ANTI -> input == 0;
      case RIGHT -> input == 1;
      default -> false;
    };
  }

  private static List<LookupSide> below(
      RelNode parent, int input, Map<Integer, Integer> fields, int joinsMax) {
    List<LookupSide> sides = new ArrayList<>();
    for (LookupSide side : of(parent.getInput(input), fields, joinsMax)) {
      List<Integer> path = new ArrayList<>(side.path);
      path.add(0, input);
      List<RelNode> besides = new ArrayList<>(side.besides);
      for (int other = 0; other < parent.getInputs().size(); other++) {
        if (other != input) {
          besides.add(parent.getInput(other));
        }
      }
      sides.add(new LookupSide(side.scan, side.table, side.columns, path, besides));
    }
    return sides;
  }

  private static Optional<LookupSide> of(
      StoreScan scan, StoreTable table, Map<Integer, Integer> fields) {
    Map<Integer, Integer> columns = new HashMap<>();
    // Behind the visible columns comes the row's key, where it is asked for.
    int visible = table.definition().visibleColumns().size();
    fields.forEach(
        (pair, field) -> {
          if (scan.columns()[field] < visible) {
            columns.put(pair, scan.columns()[field]);
          }
        });
    return scan.isLookup()
        ? Optional.empty()
        : Optional.of(new LookupSide(scan, table, columns, List.of(), List.of()));
  }

  private static Map<Integer, Integer> below(RexProgram program, Map<Integer, Integer> fields) {
    Map<Integer, Integer> below = new HashMap<>();
    fields.forEach(
        (pair, field) ->
            ColumnRange.column(once(program.expandLocalRef(program.getProjectList().get(field))))
                .ifPresent(reference -> below.put(pair, reference)));
    return below;
  }

  /** What is cast twice to one type, as checked casts are, is cast once. */
  private static RexNode once(RexNode node) {
    return node instanceof RexCall outer
            && outer.getKind() == SqlKind.CAST
            && outer.getOperands().get(0) instanceof RexCall inner
            && inner.getKind() == SqlKind.CAST
            && SqlTypeUtil.equalSansNullability(Types.FACTORY, outer.getType(), inner.getType())
        ? inner
        : node;
  }

  /**
   * The keys of the table that begin with columns of this side.
   *
   * @param outer fields of the other side, by number of their pair
   */
  List<LookupKey> keys(Map<Integer, RelDataTypeField> outer) {
    List<LookupKey> keys = new ArrayList<>();
    TableDef definition = table.definition();
    parts(definition.primaryKey(), outer)
        .ifPresent(parts -> keys.add(new LookupKey(table.codec(), Optional.empty(), parts)));
    for (IndexCodec index : table.codec().indexes()) {
      parts(index.definition().columns(), outer)
          .ifPresent(parts -> keys.add(new LookupKey(table.codec(), Optional.of(index), parts)));
    }
    return keys;
  }

  private Optional<List<LookupKey.Part>> parts(
      List<Integer> key, Map<Integer, RelDataTypeField> outer) {
    List<LookupKey.Part> parts = new ArrayList<>();
    for (int column : key) {
      Optional<RelDataTypeField> equal =
          columns.entrySet().stream()
              .filter(each -> each.getValue() == column)
              .map(each -> outer.get(each.getKey()))
              .filter(field -> isAlike(field.getType(), column))
              .findFirst();
      if (equal.isEmpty()) {
        break;
      }
      RelDataTypeField field = equal.get();
      parts.add(new LookupKey.Part(field.getIndex(), Types.fromCalcite(field.getType())));
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(parts);
  }

  /**
   * Whether a value that is equal to one of the column has the same key. Approximate numbers have
   * two zeros, and of finer times generated code knows only the beginning.
   */
  private boolean isAlike(RelDataType type, int ordinal) {
    SqlTypeName name = type.getSqlTypeName();
    SqlType column = table.definition().columns().get(ordinal).type();
    return switch (column.name()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> SqlTypeName.EXACT_TYPES.contains(name);
      case CHAR, VARCHAR -> SqlTypeName.CHAR_TYPES.contains(name);
      case BINARY, VARBINARY -> SqlTypeName.BINARY_TYPES.contains(name);
      case BOOLEAN -> name == SqlTypeName.BOOLEAN;
      case DATE -> name == SqlTypeName.DATE;
      case UUID -> name == SqlTypeName.UUID;
      case TIME -> name == SqlTypeName.TIME && isCoarse(column);
      case TIMESTAMP -> name == SqlTypeName.TIMESTAMP && isCoarse(column);
      default -> false;
    };
  }

  private static boolean isCoarse(SqlType time) {
    return time.precision() != SqlType.UNBOUNDED && time.precision() <= FRACTION_DIGITS_MAX;
  }

  /**
   * The side with its table looked up in.
   *
   * @param side that this was made of
   * @param part of the table's rows that a batch is thought to find
   */
  RelNode lookedUp(RelNode side, LookupJoin join, double part) {
    return lookedUp(side, path, join, part);
  }

  private RelNode lookedUp(RelNode node, List<Integer> way, LookupJoin join, double part) {
    if (way.isEmpty()) {
      return scan.lookedUp(join, part);
    }
    List<RelNode> inputs = new ArrayList<>(node.getInputs());
    int input = way.get(0);
    inputs.set(input, lookedUp(inputs.get(input), way.subList(1, way.size()), join, part));
    return node.copy(node.getTraitSet(), inputs);
  }
}
