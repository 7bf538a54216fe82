package io.quorate.sql.plan;

import io.quorate.sql.exec.RecursiveRows;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Spool;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalRepeatUnion;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.TransientTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Puts our operators in the place of Calcite's for recursive queries, whose rows lie with the plan:
 * one plan runs often, and at once.
 */
final class RecursionPlacement extends RelHomogeneousShuttle {
  /** The queries that the tree above is inside of, by the table that stands for them. */
  private final Map<TransientTable, RecursiveRows> open = new HashMap<>();

  @Override
  public RelNode visit(RelNode other) {
    return other instanceof LogicalRepeatUnion union ? recursive(union) : super.visit(other);
  }

  @Override
  public RelNode visit(TableScan scan) {
    TransientTable table = scan.getTable().unwrap(TransientTable.class);
    RecursiveRows rows = table == null ? null : open.get(table);
    return rows == null ? scan : new WorkingScan(scan, rows);
  }

  private RelNode recursive(LogicalRepeatUnion union) {
    RelNode first = withoutSpool(union.getSeedRel());
    RelNode step = withoutSpool(union.getIterativeRel());
    RelOptTable place = Objects.requireNonNull(union.getTransientTable());
    TransientTable table = place.unwrapOrThrow(TransientTable.class);
    checkTypes(place.getRowType(), step.getRowType());
    RecursiveRows rows = new RecursiveRows(!union.all, required(place.getRowType(), step));
    RelNode seed = first.accept(this);
    @Nullable RecursiveRows outer = open.put(table, rows);
    RelNode later = step.accept(this);
    if (outer == null) {
      open.remove(table);
    } else {
      open.put(table, outer);
    }
    return new RecursiveUnion(
        union.getCluster(), union.getTraitSet(), seed, later, union.getRowType(), rows);
  }

  private static RelNode withoutSpool(RelNode rel) {
    return rel instanceof Spool spool ? spool.getInput() : rel;
  }

  /** Names of the columns that cannot be NULL where they are read, but where they are made. */
  private static List<String> required(RelDataType read, RelNode step) {
    List<String> names = new ArrayList<>();
    for (RelDataTypeField field : read.getFieldList()) {
      boolean mayBeNull =
          step.getRowType().getFieldList().get(field.getIndex()).getType().isNullable();
      names.add(mayBeNull && !field.getType().isNullable() ? field.getName() : "");
    }
    return names;
  }

  private static void checkTypes(RelDataType read, RelDataType made) {
    for (RelDataTypeField field : read.getFieldList()) {
      RelDataType later = made.getFieldList().get(field.getIndex()).getType();
      if (form(field.getType()) != form(later)) {
        throw new SqlFailure(
            State.TYPE_MISMATCH,
            "column \""
                + field.getName()
                + "\" of the recursive query is of type "
                + field.getType()
                + " in its first part and "
                + later
                + " in the second; cast it in the first");
      }
    }
  }

  private static SqlTypeName form(RelDataType type) {
    SqlTypeName name = type.getSqlTypeName();
    if (SqlTypeName.CHAR_TYPES.contains(name)) {
      return SqlTypeName.VARCHAR;
    }
    return SqlTypeName.BINARY_TYPES.contains(name) ? SqlTypeName.VARBINARY : name;
  }
}
