package io.quorate.sql.catalog;

import io.quorate.sql.catalog.SqlType.Name;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tables of {@link Catalog#INFORMATION_SCHEMA}, by ISO 9075-11: what a catalog and the tables
 * that are not stored say of themselves. Immutable; hidden columns stay hidden.
 */
public final class InformationSchema {
  private static final String YES = "YES";
  private static final String NO = "NO";

  private static final List<VirtualTable> TABLES =
      List.of(
          table(
              "SCHEMATA",
              text("CATALOG_NAME"),
              text("SCHEMA_NAME"),
              textOrNull("SCHEMA_OWNER"),
              text("DEFAULT_CHARACTER_SET_NAME")),
          table(
              "TABLES",
              text("TABLE_CATALOG"),
              text("TABLE_SCHEMA"),
              text("TABLE_NAME"),
              text("TABLE_TYPE"),
              text("IS_INSERTABLE_INTO")),
          table(
              "COLUMNS",
              text("TABLE_CATALOG"),
              text("TABLE_SCHEMA"),
              text("TABLE_NAME"),
              text("COLUMN_NAME"),
              number("ORDINAL_POSITION"),
              textOrNull("COLUMN_DEFAULT"),
              text("IS_NULLABLE"),
              text("DATA_TYPE"),
              numberOrNull("CHARACTER_MAXIMUM_LENGTH"),
              numberOrNull("NUMERIC_PRECISION"),
              numberOrNull("NUMERIC_PRECISION_RADIX"),
              numberOrNull("NUMERIC_SCALE"),
              numberOrNull("DATETIME_PRECISION"),
              textOrNull("INTERVAL_TYPE"),
              numberOrNull("INTERVAL_PRECISION"),
              text("COLUMN_TYPE"),
              text("IS_IDENTITY"),
              textOrNull("IDENTITY_GENERATION"),
              textOrNull("IDENTITY_START"),
              textOrNull("IDENTITY_INCREMENT"),
              text("IS_GENERATED"),
              textOrNull("GENERATION_EXPRESSION")),
          table(
              "TABLE_CONSTRAINTS",
              text("CONSTRAINT_CATALOG"),
              text("CONSTRAINT_SCHEMA"),
              text("CONSTRAINT_NAME"),
              text("TABLE_CATALOG"),
              text("TABLE_SCHEMA"),
              text("TABLE_NAME"),
              text("CONSTRAINT_TYPE"),
              text("IS_DEFERRABLE"),
              text("INITIALLY_DEFERRED"),
              text("ENFORCED")),
          table(
              "KEY_COLUMN_USAGE",
              text("CONSTRAINT_CATALOG"),
              text("CONSTRAINT_SCHEMA"),
              text("CONSTRAINT_NAME"),
              text("TABLE_CATALOG"),
              text("TABLE_SCHEMA"),
              text("TABLE_NAME"),
              text("COLUMN_NAME"),
              number("ORDINAL_POSITION"),
              numberOrNull("POSITION_IN_UNIQUE_CONSTRAINT")),
          table(
              "REFERENTIAL_CONSTRAINTS",
              text("CONSTRAINT_CATALOG"),
              text("CONSTRAINT_SCHEMA"),
              text("CONSTRAINT_NAME"),
              text("UNIQUE_CONSTRAINT_CATALOG"),
              text("UNIQUE_CONSTRAINT_SCHEMA"),
              text("UNIQUE_CONSTRAINT_NAME"),
              text("MATCH_OPTION"),
              text("UPDATE_RULE"),
              text("DELETE_RULE")),
          table(
              "CHECK_CONSTRAINTS",
              text("CONSTRAINT_CATALOG"),
              text("CONSTRAINT_SCHEMA"),
              text("CONSTRAINT_NAME"),
              text("CHECK_CLAUSE")),
          table(
              "SEQUENCES",
              text("SEQUENCE_CATALOG"),
              text("SEQUENCE_SCHEMA"),
              text("SEQUENCE_NAME"),
              text("DATA_TYPE"),
              number("NUMERIC_PRECISION"),
              number("NUMERIC_PRECISION_RADIX"),
              number("NUMERIC_SCALE"),
              text("START_VALUE"),
              text("MINIMUM_VALUE"),
              text("MAXIMUM_VALUE"),
              text("INCREMENT"),
              text("CYCLE_OPTION")),
          // Which the standard lacks.
          table(
              "COMMENTS",
              text("OBJECT_CATALOG"),
              text("OBJECT_SCHEMA"),
              text("OBJECT_NAME"),
              text("OBJECT_TYPE"),
              textOrNull("COLUMN_NAME"),
              text("REMARKS")),
          table(
              "VIEWS",
              text("TABLE_CATALOG"),
              text("TABLE_SCHEMA"),
              text("TABLE_NAME"),
              text("VIEW_DEFINITION"),
              text("CHECK_OPTION"),
              text("IS_UPDATABLE"),
              text("IS_INSERTABLE_INTO")));

  private final Catalog catalog;
  private final List<VirtualTable> virtual;

  /**
   * @param others the tables of other built-in schemas, such as {@link Catalog#SYSTEM_SCHEMA}
   */
  public InformationSchema(Catalog catalog, List<VirtualTable> others) {
    this.catalog = catalog;
    this.virtual = new ArrayList<>(TABLES);
    this.virtual.addAll(others);
  }

  /** Its tables; always the same. */
  public static List<VirtualTable> tables() {
    return TABLES;
  }

  /**
   * The rows of one of its tables, in the order of its columns.
   *
   * @throws IllegalArgumentException when it has no such table
   */
  public List<@Nullable Object[]> rows(String table) {
    return switch (table) {
      case "SCHEMATA" -> schemata();
      case "TABLES" -> tableRows();
      case "COLUMNS" -> columnRows();
      case "TABLE_CONSTRAINTS" -> constraintRows();
      case "KEY_COLUMN_USAGE" -> keyColumnRows();
      case "REFERENTIAL_CONSTRAINTS" -> referentialRows();
      case "CHECK_CONSTRAINTS" -> checkRows();
      case "COMMENTS" -> Comments.rows(catalog);
      case "VIEWS" -> viewRows();
      case "SEQUENCES" -> SequenceRows.of(catalog);
      default -> throw new IllegalArgumentException("no such table: " + table);
    };
  }

  private List<@Nullable Object[]> schemata() {
    TreeSet<String> names = new TreeSet<>(catalog.schemas());
    names.add(Catalog.INFORMATION_SCHEMA);
    names.add(Catalog.SYSTEM_SCHEMA);
    List<@Nullable Object[]> rows = new ArrayList<>();
    names.forEach(name -> rows.add(row(Catalog.NAME, name, null, "UTF8")));
    return rows;
  }

  private List<@Nullable Object[]> tableRows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : stored()) {
      rows.add(row(Catalog.NAME, table.schema(), table.name(), "BASE TABLE", YES));
    }
    for (ViewDef view : catalog.objects().views().values()) {
      rows.add(row(Catalog.NAME, view.schema(), view.name(), "VIEW", NO));
    }
    for (VirtualTable table : virtual) {
      rows.add(row(Catalog.NAME, table.schema(), table.name(), "VIEW", NO));
    }
    return rows;
  }

  private List<@Nullable Object[]> columnRows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : stored()) {
      addColumns(rows, table.schema(), table.name(), table.visibleColumns());
    }
    for (ViewDef view : catalog.objects().views().values()) {
      addColumns(rows, view.schema(), view.name(), view.columns());
    }
    for (VirtualTable table : virtual) {
      addColumns(rows, table.schema(), table.name(), table.columns());
    }
    return rows;
  }

  private List<@Nullable Object[]> viewRows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (ViewDef view : catalog.objects().views().values()) {
      rows.add(row(Catalog.NAME, view.schema(), view.name(), view.sql(), "NONE", NO, NO));
    }
    return rows;
  }

  private static void addColumns(
      List<@Nullable Object[]> rows, String schema, String table, List<ColumnDef> columns) {
    for (int i = 0; i < columns.size(); i++) {
      ColumnDef column = columns.get(i);
      TypeFacts facts = TypeFacts.of(column.type());
      IdentityDef identity = column.identity();
      rows.add(
          row(
              Catalog.NAME,
              schema,
              table,
              column.name(),
              i + 1,
              column.defaultSql(),
              column.nullable() ? YES : NO,
              facts.name(),
              facts.length(),
              facts.precision(),
              facts.radix(),
              facts.scale(),
              facts.fraction(),
              facts.intervalType(),
              facts.intervalPrecision(),
              column.type().toString(),
              identity == null ? NO : YES,
              identity == null ? null : identity.always() ? "ALWAYS" : "BY DEFAULT",
              identity == null ? null : Long.toString(identity.start()),
              identity == null ? null : Long.toString(identity.increment()),
              column.generatedSql() == null ? "NEVER" : "ALWAYS",
              column.generatedSql()));
    }
  }

  private List<@Nullable Object[]> constraintRows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : stored()) {
      keys(table).forEach(key -> rows.add(constraint(table, key.name, key.type)));
      table.foreignKeys().forEach(key -> rows.add(constraint(table, key.name(), "FOREIGN KEY")));
      table.checks().forEach(check -> rows.add(constraint(table, check.name(), "CHECK")));
    }
    return rows;
  }

  private static @Nullable Object[] constraint(TableDef table, String name, String type) {
    return row(
        Catalog.NAME,
        table.schema(),
        name,
        Catalog.NAME,
        table.schema(),
        table.name(),
        type,
        NO,
        NO,
        YES);
  }

  private List<@Nullable Object[]> referentialRows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : stored()) {
      for (ForeignKeyDef key : table.foreignKeys()) {
        TableDef parent = catalog.find(key.table()).orElseThrow();
        rows.add(
            row(
                Catalog.NAME,
                table.schema(),
                key.name(),
                Catalog.NAME,
                parent.schema(),
                parent.findUniqueKey(key.referenced()).orElseThrow().name(),
                key.full() ? "FULL" : "NONE",
                key.onUpdate().sql(),
                key.onDelete().sql()));
      }
    }
    return rows;
  }

  private List<@Nullable Object[]> checkRows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : stored()) {
      for (CheckDef check : table.checks()) {
        rows.add(row(Catalog.NAME, table.schema(), check.name(), check.sql()));
      }
    }
    return rows;
  }

  private List<@Nullable Object[]> keyColumnRows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : stored()) {
      for (Key key : keys(table)) {
        for (int i = 0; i < key.columns.size(); i++) {
          rows.add(keyColumn(table, key.name, key.columns.get(i), i + 1, null));
        }
      }
      for (ForeignKeyDef key : table.foreignKeys()) {
        TableDef parent = catalog.find(key.table()).orElseThrow();
        List<Integer> unique = parent.findUniqueKey(key.referenced()).orElseThrow().columns();
        for (int i = 0; i < key.columns().size(); i++) {
          int inUnique = unique.indexOf(key.referenced().get(i)) + 1;
          rows.add(keyColumn(table, key.name(), key.columns().get(i), i + 1, inUnique));
        }
      }
    }
    return rows;
  }

  private static @Nullable Object[] keyColumn(
      TableDef table, String key, int column, int position, @Nullable Integer inUnique) {
    return row(
        Catalog.NAME,
        table.schema(),
        key,
        Catalog.NAME,
        table.schema(),
        table.name(),
        table.columns().get(column).name(),
        position,
        inUnique);
  }

  private record Key(String name, String type, List<Integer> columns) {}

  private static List<Key> keys(TableDef table) {
    List<Key> keys = new ArrayList<>();
    if (!table.hasHiddenKey()) {
      keys.add(new Key(table.primaryKeyName(), "PRIMARY KEY", table.primaryKey()));
    }
    for (IndexDef index : table.indexes()) {
      if (index.constraint() && index.unique()) {
        keys.add(new Key(index.name(), "UNIQUE", index.columns()));
      }
    }
    return keys;
  }

  private List<TableDef> stored() {
    List<TableDef> tables = new ArrayList<>();
    for (SortedMap<String, TableDef> schema : catalog.tables().values()) {
      tables.addAll(schema.values());
    }
    return tables;
  }

  static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static VirtualTable table(String name, ColumnDef... columns) {
    return new VirtualTable(Catalog.INFORMATION_SCHEMA, name, Arrays.asList(columns));
  }

  private static ColumnDef text(String name) {
    return new ColumnDef(name, SqlType.of(Name.VARCHAR), false, null);
  }

  private static ColumnDef textOrNull(String name) {
    return new ColumnDef(name, SqlType.of(Name.VARCHAR), true, null);
  }

  private static ColumnDef number(String name) {
    return new ColumnDef(name, SqlType.of(Name.INTEGER), false, null);
  }

  private static ColumnDef numberOrNull(String name) {
    return new ColumnDef(name, SqlType.of(Name.INTEGER), true, null);
  }
}
