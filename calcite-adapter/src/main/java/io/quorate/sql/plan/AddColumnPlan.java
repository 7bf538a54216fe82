package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogEdit;
import io.quorate.sql.catalog.ColumnChanges;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.store.Row;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ALTER TABLE ADD COLUMN. No row is written: those that are there are read with the value that the
 * DEFAULT has now. Immutable.
 */
final class AddColumnPlan implements Plan.Definition {
  private final String schema;
  private final Statement.AlterTable statement;
  private final TableChange.AddColumn change;
  private final Optional<NewDefault> defaultValue;

  /**
   * The DEFAULT of the column.
   *
   * @param lasting whether it is the same for each row of one statement
   */
  record NewDefault(Plan.Query query, boolean lasting) {}

  /**
   * @param schema for names without one
   * @param defaultValue of the column, if it has one
   */
  AddColumnPlan(
      String schema,
      Statement.AlterTable statement,
      TableChange.AddColumn change,
      Optional<NewDefault> defaultValue) {
    this.schema = statement.name().schemaOr(schema);
    this.statement = statement;
    this.change = change.in(schema);
    this.defaultValue = defaultValue;
  }

  @Override
  public List<ResultColumn> parameters() {
    return List.of();
  }

  @Override
  public Redefinition evaluate(ExecutionContext context) {
    Catalog before = context.catalog();
    String name = statement.name().name();
    if (isNothing(before.find(schema, name))) {
      return DefinitionPlan.NOTHING;
    }
    CatalogEdit edit = edit(before, null);
    TableDef table = Definitions.require(before, schema, name);
    if (context.view().rowCount(table.id()) > 0) {
      edit = edit(before, missing(context, after(edit)));
    }
    return DefinitionPlan.redefinition(
        context, edit, RowPreparation.of(context, table, after(edit), edit.after()));
  }

  private boolean isNothing(Optional<TableDef> table) {
    return table.isEmpty()
        ? statement.ifExists() && !Catalog.isBuiltIn(schema)
        : change.ifNotExists() && table.get().findColumn(change.column().name()).isPresent();
  }

  private CatalogEdit edit(Catalog before, @Nullable Row missing) {
    return ColumnChanges.add(before, schema, statement.name().name(), change, missing);
  }

  private TableDef after(CatalogEdit edit) {
    return Definitions.require(edit.after(), schema, statement.name().name());
  }

  /** What the rows have that are there already; null for NULL. */
  private @Nullable Row missing(ExecutionContext context, TableDef after) {
    ColumnDef column = change.column();
    if (column.identity() != null) {
      throw refused(after, "an identity column");
    }
    if (defaultValue.isPresent() && !defaultValue.get().lasting()) {
      throw refused(after, "a column whose DEFAULT is another one for each row");
    }
    Object value = defaultValue.isPresent() ? value(context, defaultValue.get()) : null;
    Object assigned = Conversion.assign(value, after, ordinal(after));
    return assigned == null ? null : RowCodec.missing(column.type(), assigned);
  }

  private static @Nullable Object value(ExecutionContext context, NewDefault defaultValue) {
    try (RowCursor rows = defaultValue.query().open(context)) {
      @Nullable Object[] row = rows.next();
      if (row == null) {
        throw new SqlFailure(State.INTERNAL_ERROR, "a DEFAULT gave no row");
      }
      return row[0];
    }
  }

  private int ordinal(TableDef after) {
    return after.findColumn(change.column().name()).orElseThrow();
  }

  private SqlFailure refused(TableDef table, String what) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        "table \""
            + table.name()
            + "\" has rows, which are not written again, so it cannot get "
            + what
            + ": add column \""
            + change.column().name()
            + "\" without, UPDATE the rows, and then SET DEFAULT");
  }
}
