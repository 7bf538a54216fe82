package io.quorate.sql.parse;

import java.util.HashSet;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** Finds the columns that an expression of one row is about: its bare names. */
public final class ColumnNames extends SqlBasicVisitor<Void> {
  private final Set<String> names = new HashSet<>();

  private ColumnNames() {}

  /** As the catalog has them; functions that are written without parentheses may be among them. */
  public static Set<String> in(String sql) {
    ColumnNames found = new ColumnNames();
    StatementParser.parseExpression(sql).accept(found);
    return found.names;
  }

  @Override
  @SuppressWarnings("NullAway") // Calcite's visitors answer null for nothing.
  public Void visit(SqlIdentifier identifier) {
    if (identifier.isSimple()) {
      names.add(identifier.getSimple());
    }
    return null;
  }
}
