package io.quorate.sql.parse;

import io.quorate.sql.catalog.ForeignKeyDef.Action;
import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** What stands behind REFERENCES, gathered as the parser meets it. Used by one parser. */
final class ReferenceOptions {
  private final ObjectName table;
  private final List<String> columns = new ArrayList<>();
  private boolean full;
  private @Nullable Action onDelete;
  private @Nullable Action onUpdate;

  ReferenceOptions(SqlIdentifier table) {
    this.table = ObjectName.of(table);
  }

  void columns(SqlNodeList names) {
    for (SqlNode name : names) {
      columns.add(((SqlIdentifier) Objects.requireNonNull(name)).getSimple());
    }
  }

  void full() {
    full = true;
  }

  void onDelete(Action action, SqlParserPos position) {
    checkOnce(onDelete, "ON DELETE", position);
    onDelete = action;
  }

  void onUpdate(Action action, SqlParserPos position) {
    checkOnce(onUpdate, "ON UPDATE", position);
    onUpdate = action;
  }

  private static void checkOnce(@Nullable Action before, String what, SqlParserPos position) {
    if (before != null) {
      throw new SqlFailure(
          State.SYNTAX_ERROR, SyntaxErrors.at(position) + "a foreign key says " + what + " twice");
    }
  }

  /** Constraints are looked at with each statement, none at COMMIT. */
  static SqlFailure deferred(SqlParserPos position) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        SyntaxErrors.at(position)
            + "a foreign key cannot be deferred: it is looked at when a statement ends");
  }

  static SqlFailure partial(SqlParserPos position) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        SyntaxErrors.at(position) + "MATCH PARTIAL is not supported; say SIMPLE or FULL");
  }

  NewTable.NewForeignKey make(@Nullable String name, List<String> referring) {
    return new NewTable.NewForeignKey(
        name,
        referring,
        table.schema(),
        table.name(),
        columns,
        full,
        Objects.requireNonNullElse(onDelete, Action.NO_ACTION),
        Objects.requireNonNullElse(onUpdate, Action.NO_ACTION));
  }
}
