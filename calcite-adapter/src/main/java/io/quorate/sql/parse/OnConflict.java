package io.quorate.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/**
 * ON CONFLICT of an INSERT, as it was written.
 *
 * @param columns of the key that is meant; empty for a constraint, or for any key
 * @param constraint that is meant by its name; null without ON CONSTRAINT
 * @param update null for DO NOTHING
 */
public record OnConflict(
    List<String> columns, @Nullable String constraint, @Nullable Update update) {
  public OnConflict {
    columns = List.copyOf(columns);
  }

  /**
   * DO UPDATE.
   *
   * @param columns that are set, each with the value of its place
   * @param condition null without WHERE
   */
  public record Update(List<String> columns, List<SqlNode> values, @Nullable SqlNode condition) {
    public Update {
      columns = List.copyOf(columns);
      values = List.copyOf(values);
    }
  }

  static OnConflict of(
      SqlNodeList columns, @Nullable SqlIdentifier constraint, @Nullable Update update) {
    return new OnConflict(
        SqlIdentifier.simpleNames(columns),
        constraint == null ? null : constraint.getSimple(),
        update);
  }

  static Update update(SqlNodeList columns, SqlNodeList values, @Nullable SqlNode condition) {
    List<SqlNode> list = new ArrayList<>();
    values.forEach(value -> list.add(Objects.requireNonNull(value)));
    return new Update(SqlIdentifier.simpleNames(columns), list, condition);
  }
}
