package io.quorate.server.session;

import io.quorate.driver.wire.MetadataCall;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.catalog.ViewDef;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.SystemTables;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code java.sql.DatabaseMetaData} from a catalog. Immutable and thread-safe; the same
 * catalog gets the same answer.
 *
 * <p>Rows have the columns that {@link #columns} says, in the order that JDBC asks for. Patterns
 * are JDBC's with a backslash to escape. A catalog's name that is not ours finds nothing.
 */
public final class MetadataAnswers {
  private static final String TABLE = "TABLE";
  private static final String SYSTEM_TABLE = "SYSTEM TABLE";
  private static final String VIEW = "VIEW";
  private static final List<String> TABLE_TYPES = List.of(SYSTEM_TABLE, TABLE, VIEW);
  private static final int NO_ID = -1;
  private static final int DECIMAL_RADIX = 10;
  private static final int BYTES_OF_A_CHARACTER = 4;

  private final SortedMap<String, List<SystemTables.Definition>> systemSchemas;

  /**
   * Answers for the tables of a catalog and those that are always there.
   *
   * @param systemSchemas tables by the schema they are in, such as SYSTEM and INFORMATION_SCHEMA
   */
  public MetadataAnswers(SortedMap<String, List<SystemTables.Definition>> systemSchemas) {
    this.systemSchemas = new TreeMap<>(systemSchemas);
  }

  /** The columns of the answers to a call. */
  public static List<ResultColumn> columns(MetadataCall.Call call) {
    return MetadataColumns.of(call);
  }

  /** All rows of the answer; there is never a cursor behind them. */
  public RowBatch answer(Catalog catalog, MetadataQuery query) {
    List<@Nullable Object[]> rows =
        switch (query.call()) {
          case CATALOGS -> List.<@Nullable Object[]>of(row(Catalog.NAME));
          case TABLE_TYPES ->
              TABLE_TYPES.stream().<@Nullable Object[]>map(MetadataAnswers::row).toList();
          case TYPE_INFO -> typeInfo();
          case SCHEMAS -> isOurs(query) ? schemas(catalog, query) : List.of();
          case TABLES -> isOurs(query) ? tables(catalog, query) : List.of();
          case COLUMNS -> isOurs(query) ? columns(catalog, query) : List.of();
          case PRIMARY_KEYS -> isOurs(query) ? primaryKeys(catalog, query) : List.of();
          case INDEX_INFO -> isOurs(query) ? indexInfo(catalog, query) : List.of();
          case IMPORTED_KEYS -> isOurs(query) ? ForeignKeyRows.imported(catalog, query) : List.of();
          case EXPORTED_KEYS -> isOurs(query) ? ForeignKeyRows.exported(catalog, query) : List.of();
          case CROSS_REFERENCE -> ForeignKeyRows.between(catalog, query);
        };
    return new RowBatch(rows, 0);
  }

  private static boolean isOurs(MetadataQuery query) {
    String name = argument(query, 0);
    return name == null || name.equals(Catalog.NAME);
  }

  private static @Nullable String argument(MetadataQuery query, int index) {
    return index < query.arguments().size() ? query.arguments().get(index) : null;
  }

  private static LikePattern pattern(MetadataQuery query, int index) {
    return new LikePattern(argument(query, index));
  }

  private List<@Nullable Object[]> schemas(Catalog catalog, MetadataQuery query) {
    LikePattern schema = pattern(query, 1);
    return Stream.concat(catalog.schemas().stream(), systemSchemas.keySet().stream())
        .distinct()
        .filter(schema::matches)
        .sorted()
        .<@Nullable Object[]>map(name -> row(name, Catalog.NAME))
        .toList();
  }

  private List<@Nullable Object[]> tables(Catalog catalog, MetadataQuery query) {
    String types = argument(query, 3);
    List<String> wanted = types == null ? TABLE_TYPES : Arrays.asList(types.split(",", -1));
    return tables(catalog, pattern(query, 1), pattern(query, 2)).stream()
        .filter(table -> wanted.contains(table.type()))
        .sorted(
            Comparator.comparing(Table::type)
                .thenComparing(Table::schema)
                .thenComparing(Table::name))
        .<@Nullable Object[]>map(
            table ->
                row(
                    Catalog.NAME,
                    table.schema(),
                    table.name(),
                    table.type(),
                    catalog.objects().comment(table.id(), ""),
                    null,
                    null,
                    null,
                    null,
                    null))
        .toList();
  }

  /** A table of any kind as the answers need it. */
  private record Table(int id, String type, String schema, String name, List<Column> columns) {
    static Table of(TableDef table) {
      List<Column> columns = table.visibleColumns().stream().map(Column::of).toList();
      return new Table(table.id(), TABLE, table.schema(), table.name(), columns);
    }

    static Table of(ViewDef view) {
      List<Column> columns = view.columns().stream().map(Column::of).toList();
      return new Table(view.id(), VIEW, view.schema(), view.name(), columns);
    }

    static Table of(String schema, SystemTables.Definition table) {
      List<Column> columns = table.columns().stream().map(Column::of).toList();
      return new Table(NO_ID, SYSTEM_TABLE, schema, table.name(), columns);
    }
  }

  private record Column(
      String name,
      SqlType type,
      boolean nullable,
      @Nullable String defaultSql,
      boolean isIdentity,
      boolean isGenerated) {
    static Column of(ColumnDef column) {
      return new Column(
          column.name(),
          column.type(),
          column.nullable(),
          column.defaultSql(),
          column.identity() != null,
          column.generatedSql() != null);
    }

    static Column of(ResultColumn column) {
      return new Column(column.label(), column.type(), column.nullable(), null, false, false);
    }
  }

  /** The tables that match, by schema and name. */
  private List<Table> tables(Catalog catalog, LikePattern schema, LikePattern name) {
    List<Table> found = new ArrayList<>();
    catalog
        .tables()
        .forEach(
            (inSchema, tables) -> {
              if (schema.matches(inSchema)) {
                tables.values().forEach(table -> found.add(Table.of(table)));
              }
            });
    for (ViewDef view : catalog.objects().views().values()) {
      if (schema.matches(view.schema())) {
        found.add(Table.of(view));
      }
    }
    systemSchemas.forEach(
        (inSchema, tables) -> {
          if (schema.matches(inSchema)) {
            tables.forEach(table -> found.add(Table.of(inSchema, table)));
          }
        });
    found.removeIf(table -> !name.matches(table.name()));
    found.sort(Comparator.comparing(Table::schema).thenComparing(Table::name));
    return found;
  }

  private List<@Nullable Object[]> columns(Catalog catalog, MetadataQuery query) {
    LikePattern name = pattern(query, 3);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Table table : tables(catalog, pattern(query, 1), pattern(query, 2))) {
      for (int i = 0; i < table.columns().size(); i++) {
        Column column = table.columns().get(i);
        if (name.matches(column.name())) {
          rows.add(column(catalog, table, column, i + 1));
        }
      }
    }
    return rows;
  }

  private static @Nullable Object[] column(
      Catalog catalog, Table table, Column column, int ordinal) {
    JdbcType type = JdbcType.of(column.type());
    return row(
        Catalog.NAME,
        table.schema(),
        table.name(),
        column.name(),
        type.code(),
        type.typeName(),
        type.size(),
        null,
        type.scale(),
        type.isNumber() ? DECIMAL_RADIX : null,
        column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        catalog.objects().comment(table.id(), column.name()),
        column.defaultSql(),
        null,
        null,
        octets(type),
        ordinal,
        column.nullable() ? "YES" : "NO",
        null,
        null,
        null,
        null,
        column.isIdentity() ? "YES" : "NO",
        column.isGenerated() ? "YES" : "NO");
  }

  private static @Nullable Integer octets(JdbcType type) {
    if (type.isBinary()) {
      return type.size();
    }
    return type.isText()
        ? (int) Math.min(JdbcType.LENGTH_MAX, (long) type.size() * BYTES_OF_A_CHARACTER)
        : null;
  }

  /** Tables whose schema and name are given, not described; no schema stands for any. */
  private static List<TableDef> named(Catalog catalog, MetadataQuery query) {
    String schema = argument(query, 1);
    String name = argument(query, 2);
    return catalog.tables().entrySet().stream()
        .filter(inside -> schema == null || schema.equals(inside.getKey()))
        .flatMap(inside -> inside.getValue().values().stream())
        .filter(table -> name == null || name.equals(table.name()))
        .toList();
  }

  private static List<@Nullable Object[]> primaryKeys(Catalog catalog, MetadataQuery query) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : named(catalog, query)) {
      if (!table.hasHiddenKey()) {
        List<@Nullable Object[]> key = new ArrayList<>();
        for (int i = 0; i < table.primaryKey().size(); i++) {
          String column = table.columns().get(table.primaryKey().get(i)).name();
          key.add(
              row(
                  Catalog.NAME,
                  table.schema(),
                  table.name(),
                  column,
                  (short) (i + 1),
                  table.primaryKeyName()));
        }
        key.sort(Comparator.comparing(row -> String.valueOf(row[3])));
        rows.addAll(key);
      }
    }
    return rows;
  }

  private static List<@Nullable Object[]> indexInfo(Catalog catalog, MetadataQuery query) {
    boolean uniqueOnly = Boolean.parseBoolean(argument(query, 3));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDef table : named(catalog, query)) {
      List<Index> indexes = new ArrayList<>();
      if (!table.hasHiddenKey()) {
        indexes.add(
            new Index(
                true,
                DatabaseMetaData.tableIndexClustered,
                table.primaryKeyName(),
                table.primaryKey(),
                Set.of()));
      }
      table.indexes().forEach(index -> indexes.add(Index.of(index)));
      indexes.removeIf(index -> uniqueOnly && !index.unique());
      indexes.sort(
          Comparator.comparing(Index::unique, Comparator.reverseOrder())
              .thenComparing(Index::type)
              .thenComparing(Index::name));
      indexes.forEach(index -> index.addTo(rows, table));
    }
    return rows;
  }

  private record Index(
      boolean unique, short type, String name, List<Integer> columns, Set<Integer> descending) {
    static Index of(IndexDef index) {
      return new Index(
          index.unique(),
          DatabaseMetaData.tableIndexOther,
          index.name(),
          index.columns(),
          index.descending());
    }

    void addTo(List<@Nullable Object[]> rows, TableDef table) {
      for (int i = 0; i < columns.size(); i++) {
        rows.add(
            row(
                Catalog.NAME,
                table.schema(),
                table.name(),
                !unique,
                null,
                name,
                type,
                (short) (i + 1),
                table.columns().get(columns.get(i)).name(),
                descending.contains(i) ? "D" : "A",
                0L,
                0L,
                null));
      }
    }
  }

  private static List<@Nullable Object[]> typeInfo() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SqlType.Name name : SqlType.Name.values()) {
      if (name != SqlType.Name.NULL) {
        rows.add(typeInfo(name, JdbcType.of(typeOf(name))));
      }
    }
    rows.sort(Comparator.comparing(row -> (Integer) row[1]));
    return rows;
  }

  /** Of arrays, one of the many. */
  private static SqlType typeOf(SqlType.Name name) {
    return name == SqlType.Name.ARRAY
        ? SqlType.array(SqlType.of(SqlType.Name.INTEGER), SqlType.UNBOUNDED)
        : SqlType.of(name);
  }

  private static @Nullable Object[] typeInfo(SqlType.Name name, JdbcType type) {
    boolean lengthGiven = (type.isText() || type.isBinary()) && !name.isLarge();
    boolean quoted = !type.isNumber() && name != SqlType.Name.BOOLEAN && name != SqlType.Name.ARRAY;
    String quote = quoted ? "'" : null;
    boolean scaled = name == SqlType.Name.DECIMAL;
    boolean timed =
        name == SqlType.Name.TIME
            || name == SqlType.Name.TIMESTAMP
            || name == SqlType.Name.TIMESTAMP_TZ;
    int scaleMax = scaled ? JdbcType.DECIMAL_DIGITS_MAX : timed ? JdbcType.FRACTION_DIGITS_MAX : 0;
    return row(
        type.typeName(),
        type.code(),
        lengthGiven ? JdbcType.LENGTH_MAX : type.size(),
        quote == null ? null : literalPrefix(name) + quote,
        quote,
        lengthGiven ? "LENGTH" : scaled ? "PRECISION,SCALE" : timed ? "PRECISION" : null,
        (short) DatabaseMetaData.typeNullable,
        type.isText() || name == SqlType.Name.JSON,
        (short)
            (name.isIndexable() || name == SqlType.Name.ARRAY
                ? DatabaseMetaData.typeSearchable
                : DatabaseMetaData.typePredNone),
        !type.isNumber(),
        scaled,
        IdentityDef.mayBeOf(name),
        type.typeName(),
        (short) 0,
        (short) scaleMax,
        null,
        null,
        type.isNumber() ? DECIMAL_RADIX : null);
  }

  private static String literalPrefix(SqlType.Name name) {
    return switch (name) {
      case DATE, TIME, TIMESTAMP, JSON -> name.name() + " ";
      case TIMESTAMP_TZ -> "TIMESTAMP ";
      case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> "INTERVAL ";
      case BINARY, VARBINARY, BLOB -> "X";
      default -> "";
    };
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }
}
