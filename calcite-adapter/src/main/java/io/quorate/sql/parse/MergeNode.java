package io.quorate.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** MERGE, as it was written. Never validated by Calcite as a whole. Immutable. */
public final class MergeNode extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("MERGE", SqlKind.MERGE);

  private final SqlIdentifier table;
  private final @Nullable SqlIdentifier alias;
  private final SqlNode source;
  private final SqlNode condition;
  private final List<Clause> clauses;

  MergeNode(
      SqlParserPos position,
      SqlIdentifier table,
      @Nullable SqlIdentifier alias,
      SqlNode source,
      SqlNode condition,
      List<Clause> clauses) {
    super(position);
    this.table = table;
    this.alias = alias;
    this.source = source;
    this.condition = condition;
    this.clauses = List.copyOf(clauses);
  }

  /** What a clause does. */
  public enum Action {
    UPDATE,
    DELETE,
    INSERT,
    NOTHING
  }

  /**
   * WHEN … THEN.
   *
   * @param matched whether it is about rows that are there
   * @param condition behind AND; null without one
   * @param columns of UPDATE or INSERT; those of an INSERT may be empty for all of them
   * @param values in their places
   */
  public record Clause(
      boolean matched,
      @Nullable SqlNode condition,
      Action action,
      List<String> columns,
      List<SqlNode> values) {
    public Clause {
      columns = List.copyOf(columns);
      values = List.copyOf(values);
    }
  }

  static Clause clause(
      boolean matched,
      @Nullable SqlNode condition,
      Action action,
      SqlNodeList columns,
      SqlNodeList values) {
    List<SqlNode> list = new ArrayList<>();
    values.forEach(value -> list.add(Objects.requireNonNull(value)));
    return new Clause(matched, condition, action, SqlIdentifier.simpleNames(columns), list);
  }

  public SqlIdentifier table() {
    return table;
  }

  public @Nullable SqlIdentifier alias() {
    return alias;
  }

  /** As it stands in FROM. */
  public SqlNode source() {
    return source;
  }

  public SqlNode condition() {
    return condition;
  }

  public List<Clause> clauses() {
    return clauses;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> all = new ArrayList<>(List.of(table, source, condition));
    for (Clause clause : clauses) {
      if (clause.condition != null) {
        all.add(clause.condition);
      }
      all.addAll(clause.values);
    }
    return all;
  }
}
