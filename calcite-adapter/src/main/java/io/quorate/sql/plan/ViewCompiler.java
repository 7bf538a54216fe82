package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.ViewDef;
import io.quorate.sql.catalog.Views;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.ObjectStatement;
import io.quorate.sql.parse.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;

/** Makes of CREATE VIEW what the catalog keeps. Pure. */
final class ViewCompiler {
  private ViewCompiler() {}

  /**
   * The view.
   *
   * @param schema for names without one
   * @throws SqlFailure when its query cannot be one, or cannot be kept
   */
  static ViewDef compile(ObjectStatement.CreateView statement, String schema, Schemas tables) {
    SqlNode written = StatementParser.parse(statement.sql());
    ViewCheck.check(written);
    StatementValidator validator = new StatementValidator(tables.reader(schema));
    ViewStars stars = ViewStars.in(written);
    SqlNode query = validator.validate(written);
    String sql = stars.spelledOut(statement.sql(), query);
    List<ColumnDef> columns = columns(statement, validator, query);
    // What is kept is what will be planned: it must mean the same, and there must be a plan for it.
    Conversions kept = Conversions.of(StatementParser.parse(sql), tables.reader(schema));
    if (kept.columns().size() != columns.size()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "a star of the query cannot be spelled out; name the columns");
    }
    return new ViewDef(
        Views.NO_ID,
        statement.name().schemaOr(schema),
        statement.name().name(),
        columns,
        sql,
        schema,
        uses(validator, query));
  }

  private static List<ColumnDef> columns(
      ObjectStatement.CreateView statement, StatementValidator validator, SqlNode query) {
    List<RelDataTypeField> fields = validator.getValidatedNodeType(query).getFieldList();
    List<String> names = statement.columns();
    if (!names.isEmpty() && names.size() != fields.size()) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          "the query of view \""
              + statement.name().name()
              + "\" has "
              + fields.size()
              + " columns, of which "
              + names.size()
              + " are named");
    }
    List<ColumnDef> columns = new ArrayList<>();
    for (RelDataTypeField field : fields) {
      String name = names.isEmpty() ? field.getName() : names.get(field.getIndex());
      columns.add(new ColumnDef(name, Types.fromCalcite(field.getType()), true, null));
    }
    return columns;
  }

  private static List<Integer> uses(StatementValidator validator, SqlNode query) {
    TreeSet<Integer> ids = new TreeSet<>();
    query.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          @SuppressWarnings("NullAway") // Calcite's visitors answer null for nothing.
          public Void visit(SqlIdentifier identifier) {
            SqlValidatorNamespace found = validator.getNamespace(identifier);
            if (found != null && found.getTable() != null) {
              StoreTable table = found.getTable().unwrap(StoreTable.class);
              ViewTable view = found.getTable().unwrap(ViewTable.class);
              if (table != null) {
                ids.add(table.definition().id());
              } else if (view != null) {
                ids.add(view.id());
              }
            }
            return null;
          }
        });
    return List.copyOf(ids);
  }
}
