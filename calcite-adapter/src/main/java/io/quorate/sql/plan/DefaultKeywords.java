package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.StatementParser;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Puts the default of its column for each word DEFAULT of an INSERT. */
final class DefaultKeywords {
  private DefaultKeywords() {}

  static void replace(SqlInsert insert, TableDef table) {
    if (insert.getSource().getKind() != SqlKind.VALUES) {
      return;
    }
    for (SqlNode row : ((SqlCall) insert.getSource()).getOperandList()) {
      if (row.getKind() == SqlKind.ROW) {
        replace((SqlCall) row, insert.getTargetColumnList(), table);
      }
    }
  }

  /** Of an UPDATE; its identity columns are given no new values. */
  static void replace(SqlUpdate update, TableDef table) {
    SqlNodeList values = update.getSourceExpressionList();
    for (int i = 0; i < values.size(); i++) {
      SqlNode value = values.get(i);
      if (value.getKind() == SqlKind.DEFAULT) {
        String name = nameAt(update.getTargetColumnList(), i);
        if (table.visibleColumns().stream()
            .anyMatch(column -> column.name().equals(name) && column.identity() != null)) {
          throw new SqlFailure(
              State.NOT_SUPPORTED,
              "column \"" + name + "\" is an identity column, which UPDATE cannot set to DEFAULT");
        }
        values.set(i, valueOf(name, table, value.getParserPosition()));
      }
    }
  }

  private static void replace(SqlCall row, SqlNodeList columns, TableDef table) {
    for (int i = 0; i < row.operandCount(); i++) {
      SqlNode value = row.operand(i);
      if (value.getKind() == SqlKind.DEFAULT) {
        String name = columns == null ? nameAt(table, i) : nameAt(columns, i);
        row.setOperand(i, valueOf(name, table, value.getParserPosition()));
      }
    }
  }

  private static String nameAt(SqlNodeList columns, int ordinal) {
    List<String> names =
        ordinal < columns.size() ? ((SqlIdentifier) columns.get(ordinal)).names : List.of("");
    return names.get(names.size() - 1);
  }

  private static String nameAt(TableDef table, int ordinal) {
    List<ColumnDef> columns = table.visibleColumns();
    return ordinal < columns.size() ? columns.get(ordinal).name() : "";
  }

  /** A column that is not there has no default; the validator will say that it is not there. */
  static SqlNode valueOf(String column, TableDef table, SqlParserPos position) {
    for (ColumnDef each : table.visibleColumns()) {
      if (each.name().equals(column) && each.identity() != null) {
        // A value is made with the row; the validator wants something that is not NULL.
        return SqlLiteral.createExactNumeric("0", position);
      }
      if (each.name().equals(column) && each.generatedSql() != null) {
        return placeholder(each.type());
      }
      String text = each.defaultSql();
      if (each.name().equals(column) && text != null) {
        return StatementParser.parseExpression(text);
      }
    }
    return SqlLiteral.createNull(position);
  }

  /** As for an identity column, of a type that the validator lets pass for the column's. */
  private static SqlNode placeholder(SqlType type) {
    return StatementParser.parseExpression(
        switch (type.name()) {
          case BOOLEAN -> "FALSE";
          case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> "0";
          case BINARY, VARBINARY -> "X''";
          case DATE -> "DATE '1970-01-01'";
          case TIME -> "TIME '00:00:00'";
          case TIMESTAMP -> "TIMESTAMP '1970-01-01 00:00:00'";
          case TIMESTAMP_TZ -> "CAST('1970-01-01 00:00:00' AS TIMESTAMP WITH TIME ZONE)";
          case INTERVAL_YEAR_MONTH -> "INTERVAL '0' MONTH";
          case INTERVAL_DAY_TIME -> "INTERVAL '0' SECOND";
          case UUID -> "CAST('00000000-0000-0000-0000-000000000000' AS UUID)";
          default -> "''";
        });
  }
}
