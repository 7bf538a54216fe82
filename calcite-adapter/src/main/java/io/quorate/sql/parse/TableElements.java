package io.quorate.sql.parse;

import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The inside of CREATE TABLE, gathered as the parser meets it. Used by one parser. */
final class TableElements {
  private final List<Statement.Column> columns = new ArrayList<>();
  private final List<Statement.Key> keys = new ArrayList<>();
  private final List<Statement.Check> checks = new ArrayList<>();
  private final List<NewTable.NewForeignKey> foreignKeys = new ArrayList<>();

  // Of the column that is being read.
  private @Nullable Boolean nullable;
  private IdentityOptions identity = new IdentityOptions();

  void column(SqlIdentifier name, SqlDataTypeSpec type) {
    nullable = null;
    identity = new IdentityOptions();
    columns.add(new Statement.Column(name.getSimple(), DataTypes.of(type), true, null));
  }

  void notNull(SqlParserPos position) {
    setNullable(false, position);
  }

  void nullable(SqlParserPos position) {
    setNullable(true, position);
  }

  private void setNullable(boolean value, SqlParserPos position) {
    Statement.Column column = last();
    if (nullable != null && nullable != value) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(position)
              + "column \""
              + column.name()
              + "\" is said to be both NULL and NOT NULL");
    }
    nullable = value;
    replaceLast(
        new Statement.Column(
            column.name(), column.type(), value, column.defaultSql(), column.identity()));
  }

  /** What the words in the parentheses behind IDENTITY say goes here. */
  IdentityOptions identityOptions() {
    return identity;
  }

  void identity(boolean always, SqlParserPos position) {
    Statement.Column column = last();
    if (column.identity() != null) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(position) + "column \"" + column.name() + "\" is GENERATED twice");
    }
    setNullable(false, position);
    replaceLast(
        new Statement.Column(
            column.name(), column.type(), false, column.defaultSql(), identity.make(always)));
  }

  void defaultValue(SqlNode value, String text) {
    Statement.Column column = last();
    if (column.defaultSql() != null) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(value.getParserPosition())
              + "column \""
              + column.name()
              + "\" has two DEFAULTs");
    }
    DefaultCheck.check(column.name(), value);
    replaceLast(
        new Statement.Column(
            column.name(), column.type(), column.nullable(), text, column.identity()));
  }

  void columnKey(@Nullable String name, boolean primary) {
    keys.add(new Statement.Key(name, primary, List.of(last().name())));
  }

  void key(@Nullable String name, boolean primary, SqlNodeList names) {
    keys.add(new Statement.Key(name, primary, names(names)));
  }

  private static List<String> names(SqlNodeList identifiers) {
    List<String> names = new ArrayList<>();
    for (SqlNode identifier : identifiers) {
      names.add(((SqlIdentifier) Objects.requireNonNull(identifier)).getSimple());
    }
    return names;
  }

  /**
   * FOREIGN KEY of the table, or REFERENCES of the column that is being read.
   *
   * @param columns null for that column
   */
  void foreignKey(@Nullable String name, @Nullable SqlNodeList columns, ReferenceOptions options) {
    foreignKeys.add(options.make(name, columns == null ? List.of(last().name()) : names(columns)));
  }

  void columnCheck(@Nullable String name, SqlNode condition, String text) {
    ConditionCheck.check(condition);
    checks.add(new Statement.Check(name, last().name(), text));
  }

  void check(@Nullable String name, SqlNode condition, String text) {
    ConditionCheck.check(condition);
    checks.add(new Statement.Check(name, null, text));
  }

  Statement table(ObjectName name, boolean ifNotExists) {
    return new Statement.CreateTable(name, ifNotExists, columns, keys, checks, foreignKeys);
  }

  /** The one constraint that was read, of ALTER TABLE ADD. */
  TableChange addedConstraint() {
    if (!keys.isEmpty()) {
      Statement.Key key = keys.get(0);
      return new TableChange.AddKey(new NewTable.NewKey(key.name(), key.primary(), key.columns()));
    }
    if (!checks.isEmpty()) {
      Statement.Check check = checks.get(0);
      return new TableChange.AddCheck(
          new NewTable.NewCheck(check.name(), check.column(), check.sql()));
    }
    return new TableChange.AddForeignKey(foreignKeys.get(0));
  }

  private Statement.Column last() {
    return columns.get(columns.size() - 1);
  }

  private void replaceLast(Statement.Column column) {
    columns.set(columns.size() - 1, column);
  }
}
