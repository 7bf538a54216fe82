package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.ViewDef;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;

/** A view as Calcite sees it: in a plan its query stands in its place. */
final class ViewTable extends AbstractTable implements TranslatableTable {
  private final ViewDef view;
  private final Function<ViewDef, RelDataType> rowType;

  /**
   * @param rowType what a view returns; known only when all it reads are there
   */
  ViewTable(ViewDef view, Function<ViewDef, RelDataType> rowType) {
    this.view = view;
    this.rowType = rowType;
  }

  /** The type of the query's rows with the names of the view's columns. */
  static RelDataType named(ViewDef view, RelDataType query) {
    RelDataTypeFactory.Builder builder = Types.FACTORY.builder();
    for (RelDataTypeField field : query.getFieldList()) {
      builder.add(view.columns().get(field.getIndex()).name(), field.getType());
    }
    return builder.build();
  }

  ViewDef view() {
    return view;
  }

  int id() {
    return view.id();
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.VIEW;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return rowType.apply(view);
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    RelNode rows =
        context
            .expandView(
                table.getRowType(),
                view.sql(),
                List.of(view.path()),
                List.of(view.schema(), view.name()))
            .project();
    List<String> names = view.columns().stream().map(ColumnDef::name).toList();
    return rows.getRowType().getFieldNames().equals(names)
        ? rows
        : LogicalProject.create(
            rows, List.of(), Rex.BUILDER.identityProjects(rows.getRowType()), names, Set.of());
  }
}
