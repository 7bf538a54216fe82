package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.SequenceCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** Refuses what a view's query cannot be made of: what would mean something else another day. */
final class ViewCheck extends SqlBasicVisitor<Void> {
  private ViewCheck() {}

  static void check(SqlNode query) {
    query.accept(new ViewCheck());
  }

  @Override
  public Void visit(SqlDynamicParam parameter) {
    throw refused("a parameter", parameter);
  }

  @Override
  public Void visit(SqlCall call) {
    if (SequenceCall.of(call).isPresent()) {
      throw refused("a sequence", call);
    }
    if (call instanceof SqlJoin join && join.isNatural()) {
      throw refused("NATURAL, which follows the columns that tables get; say USING", call);
    }
    if (call.getKind() == SqlKind.EXPLICIT_TABLE) {
      throw refused("TABLE, which follows the columns that it gets; say SELECT", call);
    }
    return super.visit(call);
  }

  private static SqlFailure refused(String what, SqlNode where) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        "line "
            + where.getParserPosition().getLineNum()
            + ", column "
            + where.getParserPosition().getColumnNum()
            + " of its query: a view cannot use "
            + what);
  }
}
