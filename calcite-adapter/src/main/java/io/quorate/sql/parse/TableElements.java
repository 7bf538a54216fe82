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

/**
 * The inside of CREATE TABLE, or the column of ALTER TABLE ADD, gathered as the parser meets it.
 * Used by one parser.
 */
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
            column.name(),
            column.type(),
            value,
            column.defaultSql(),
            column.identity(),
            column.generatedSql()));
  }

  /** What the words in the parentheses behind IDENTITY say goes here. */
  IdentityOptions identityOptions() {
    return identity;
  }

  void identity(boolean always, SqlParserPos position) {
    Statement.Column column = last();
    checkNotGenerated(column, position);
    setNullable(false, position);
    replaceLast(
        new Statement.Column(
            column.name(), column.type(), false, column.defaultSql(), identity.make(always)));
  }

  private static void checkNotGenerated(Statement.Column column, SqlParserPos position) {
    if (column.identity() != null || column.generatedSql() != null) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(position) + "column \"" + column.name() + "\" is GENERATED twice");
    }
  }

  /**
   * GENERATED AS an expression.
   *
   * @param stored whether it is not VIRTUAL
   */
  void generated(boolean always, boolean stored, SqlNode value, String text, SqlParserPos at) {
    Statement.Column column = last();
    checkNotGenerated(column, at);
    if (!always || column.defaultSql() != null) {
      throw generatedOtherwise(column, at);
    }
    if (!stored) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          SyntaxErrors.at(at) + "generated columns are STORED, none are VIRTUAL");
    }
    ConditionCheck.check("a generated column", value);
    replaceLast(
        new Statement.Column(column.name(), column.type(), column.nullable(), null, null, text));
  }

  private static SqlFailure generatedOtherwise(Statement.Column column, SqlParserPos at) {
    return new SqlFailure(
        State.SYNTAX_ERROR,
        SyntaxErrors.at(at)
            + "column \""
            + column.name()
            + "\" is GENERATED from its row, so ALWAYS and without DEFAULT");
  }

  void defaultValue(SqlNode value, String text) {
    Statement.Column column = last();
    if (column.generatedSql() != null) {
      throw generatedOtherwise(column, value.getParserPosition());
    }
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
    ConditionCheck.check("a CHECK", condition);
    checks.add(new Statement.Check(name, last().name(), text));
  }

  void check(@Nullable String name, SqlNode condition, String text) {
    ConditionCheck.check("a CHECK", condition);
    checks.add(new Statement.Check(name, null, text));
  }

  Statement table(ObjectName name, boolean ifNotExists) {
    return new Statement.CreateTable(name, ifNotExists, columns, keys, checks, foreignKeys);
  }

  /** The one constraint that was read, of ALTER TABLE ADD. */
  TableChange addedConstraint() {
    if (!keys.isEmpty()) {
      return new TableChange.AddKey(keys.get(0).definition());
    }
    if (!checks.isEmpty()) {
      return new TableChange.AddCheck(checks.get(0).definition());
    }
    return new TableChange.AddForeignKey(foreignKeys.get(0));
  }

  /** The one column, as ALTER TABLE adds it. */
  TableChange addedColumn(boolean ifNotExists) {
    return new TableChange.AddColumn(
        last().definition(),
        keys.stream().map(Statement.Key::definition).toList(),
        checks.stream().map(Statement.Check::definition).toList(),
        foreignKeys,
        ifNotExists);
  }

  private Statement.Column last() {
    return columns.get(columns.size() - 1);
  }

  private void replaceLast(Statement.Column column) {
    columns.set(columns.size() - 1, column);
  }
}
