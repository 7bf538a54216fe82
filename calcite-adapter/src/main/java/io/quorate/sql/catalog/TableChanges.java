package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ALTER TABLE and TRUNCATE as functions of a catalog. Pure, as {@link Definitions} are. */
public final class TableChanges {
  private TableChanges() {}

  /**
   * ALTER TABLE, but for {@link ColumnChanges#add}. What is to be done about rows is another's
   * work.
   *
   * @param names of the columns in the text of an expression
   */
  public static CatalogEdit alter(
      Catalog catalog,
      String schema,
      String name,
      TableChange change,
      Function<String, Set<String>> names) {
    Definitions.checkSchema(catalog, schema);
    TableDef table = Definitions.require(catalog, schema, name);
    if (change instanceof TableChange.OfConstraint constraint) {
      return ConstraintChanges.alter(catalog, table, constraint);
    }
    if (change instanceof TableChange.DropColumn drop) {
      return checked(catalog, table, ColumnChanges.drop(catalog, table, drop, names));
    }
    if (change instanceof TableChange.SetType retype) {
      return checked(catalog, table, TypeChanges.retype(catalog, table, retype, names));
    }
    TableDef changed = changed(catalog, table, change, names);
    Views.checkAltered(catalog.objects(), table, changed);
    return new CatalogEdit(
        Definitions.withTableInPlaceOf(catalog, table, changed), List.of(), List.of(table.id()));
  }

  private static CatalogEdit checked(Catalog catalog, TableDef table, CatalogEdit edit) {
    TableDef after = Definitions.require(edit.after(), table.schema(), table.name());
    Views.checkAltered(catalog.objects(), table, after);
    return edit;
  }

  private static TableDef changed(
      Catalog catalog, TableDef table, TableChange change, Function<String, Set<String>> names) {
    if (change instanceof TableChange.Rename rename) {
      return renamed(catalog, table, rename.to());
    }
    if (change instanceof TableChange.RenameColumn rename) {
      return renamed(table, rename.from(), rename.to(), names);
    }
    if (change instanceof TableChange.SetDefault set) {
      return withDefault(table, set.column(), set.sql());
    }
    if (change instanceof TableChange.DropDefault drop) {
      return withDefault(table, drop.column(), null);
    }
    if (change instanceof TableChange.SetNotNull set) {
      int ordinal = requireColumn(table, set.column());
      return table.withColumn(ordinal, table.columns().get(ordinal).notNull());
    }
    return nullable(table, ((TableChange.DropNotNull) change).column());
  }

  private static TableDef renamed(Catalog catalog, TableDef table, String to) {
    Definitions.checkNoRelation(catalog, table.schema(), to);
    return table.withName(to);
  }

  private static TableDef renamed(
      TableDef table, String from, String to, Function<String, Set<String>> names) {
    int ordinal = requireColumn(table, from);
    if (table.findColumn(to).isPresent()) {
      throw new SqlFailure(
          State.DUPLICATE_COLUMN,
          "column \"" + to + "\" of table \"" + table.name() + "\" exists already");
    }
    for (CheckDef check : table.checks()) {
      if (names.apply(check.sql()).contains(from)) {
        throw new SqlFailure(
            State.DEPENDENT_OBJECTS,
            "column \"" + from + "\" is in the CHECK constraint \"" + check.name() + "\"");
      }
    }
    for (ColumnDef user : generatedFrom(table, from, names)) {
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          "column \"" + from + "\" is in the expression of column \"" + user.name() + "\"");
    }
    ColumnDef column = table.columns().get(ordinal);
    return table.withColumn(ordinal, column.withName(to));
  }

  /** The generated columns whose values are made of a column. */
  static List<ColumnDef> generatedFrom(
      TableDef table, String column, Function<String, Set<String>> names) {
    return table.columns().stream()
        .filter(each -> each.generatedSql() != null)
        .filter(each -> names.apply(each.generatedSql()).contains(column))
        .toList();
  }

  /**
   * Whether the word is in the text, be it as something else; names fold, so in any case. One with
   * a quote has two there.
   */
  static boolean mentions(String sql, String name) {
    return hasWord(sql, name) || (name.contains("\"") && hasWord(sql, name.replace("\"", "\"\"")));
  }

  private static boolean hasWord(String sql, String name) {
    return Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)", Pattern.CASE_INSENSITIVE)
        .matcher(sql)
        .find();
  }

  private static TableDef withDefault(TableDef table, String name, @Nullable String sql) {
    int ordinal = requireColumn(table, name);
    ColumnDef column = table.columns().get(ordinal);
    if (column.identity() != null || column.generatedSql() != null) {
      throw new SqlFailure(
          State.INVALID_TABLE,
          "column \""
              + name
              + "\" is "
              + (column.identity() != null ? "an identity" : "a generated")
              + " column and has no DEFAULT");
    }
    return table.withColumn(ordinal, column.withDefault(sql));
  }

  private static TableDef nullable(TableDef table, String name) {
    int ordinal = requireColumn(table, name);
    ColumnDef column = table.columns().get(ordinal);
    if (table.primaryKey().contains(ordinal) || column.identity() != null) {
      throw new SqlFailure(
          State.INVALID_TABLE,
          "column \""
              + name
              + "\" is in the primary key of table \""
              + table.name()
              + "\", or its identity column");
    }
    return table.withColumn(ordinal, column.withNull());
  }

  /** The place of a column that statements see. */
  static int requireColumn(TableDef table, String name) {
    OptionalInt ordinal = table.findColumn(name);
    if (ordinal.isEmpty() || ordinal.getAsInt() >= table.visibleColumns().size()) {
      throw new SqlFailure(
          State.COLUMN_NOT_FOUND,
          "column \"" + name + "\" of table \"" + table.name() + "\" not found");
    }
    return ordinal.getAsInt();
  }

  /**
   * TRUNCATE TABLE. What identity columns have given is not given again. A table with large values
   * goes on under another id, so that all values of the old one can be told from new ones and be
   * removed little by little.
   */
  public static CatalogEdit truncate(Catalog catalog, String schema, String name) {
    Definitions.checkSchema(catalog, schema);
    TableDef table = Definitions.require(catalog, schema, name);
    List<Catalog.Referrer> referrers = ForeignKeys.fromOthers(catalog, Set.of(table.id()));
    if (!referrers.isEmpty()) {
      Catalog.Referrer first = referrers.get(0);
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "table "
              + Definitions.named(schema, name)
              + " cannot be truncated: foreign key \""
              + first.key().name()
              + "\" of table "
              + Definitions.named(first.table().schema(), first.table().name())
              + " refers to it; use DELETE");
    }
    boolean moves = table.hasLargeValues();
    TableDef emptied = moves ? table.withId(catalog.nextId()) : table;
    return new CatalogEdit(
        Definitions.withTableInPlaceOf(
            catalog, table, emptied.withoutRows(), catalog.nextId() + (moves ? 1 : 0)),
        Definitions.rowTables(table),
        List.of(table.id()));
  }
}
