package io.quorate.sql.catalog;

import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * ALTER COLUMN ... TYPE as a function of a catalog. Pure, as {@link Definitions} are.
 *
 * <p>Where the bytes of rows and keys stay right, only the definition changes. An index whose keys
 * do not stay right gets another id, and is filled again; a table whose rows do not, or whose
 * primary key, gets other ids altogether, and its rows are written there. That is another's work;
 * what lay under the ids before goes.
 */
final class TypeChanges {
  /** By what they can hold, each more than those before. */
  private static final List<Name> WHOLE_NUMBERS =
      List.of(Name.TINYINT, Name.SMALLINT, Name.INTEGER, Name.BIGINT);

  private static final Set<Name> NUMBERS =
      EnumSet.of(
          Name.TINYINT,
          Name.SMALLINT,
          Name.INTEGER,
          Name.BIGINT,
          Name.DECIMAL,
          Name.REAL,
          Name.DOUBLE);

  private static final Set<Name> TEXTS = EnumSet.of(Name.CHAR, Name.VARCHAR);
  private static final Set<Name> BINARIES = EnumSet.of(Name.BINARY, Name.VARBINARY);
  private static final Set<Name> TIMES =
      EnumSet.of(
          Name.TIME,
          Name.TIMESTAMP,
          Name.TIMESTAMP_TZ,
          Name.INTERVAL_YEAR_MONTH,
          Name.INTERVAL_DAY_TIME);
  private static final int DECIMAL_DIGITS = 38;

  private TypeChanges() {}

  static CatalogEdit retype(
      Catalog catalog,
      TableDef table,
      TableChange.SetType change,
      Function<String, Set<String>> names) {
    int ordinal = TableChanges.requireColumn(table, change.column());
    ColumnDef column = table.columns().get(ordinal);
    for (Catalog.Referrer user : ForeignKeys.ofColumn(catalog, table, ordinal)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          named(table, column)
              + " is in "
              + ForeignKeys.named(user)
              + "; drop that first, and add it again");
    }
    for (ColumnDef user : TableChanges.generatedFrom(table, column.name(), names)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          named(table, column)
              + " is in the expression of column \""
              + user.name()
              + "\"; drop that first, and add it again");
    }
    SqlType from = column.type();
    SqlType to = change.type();
    ColumnDef changed = column.withType(to);
    if (changed.identity() != null) {
      changed.identity().check(changed);
    }
    TableDef after = table.withColumn(ordinal, changed);
    boolean inKey = table.primaryKey().contains(ordinal);
    if (!keepsRows(from, to) || (inKey && !keepsKeys(from, to))) {
      checkConvertible(table, ordinal, to);
      return rewritten(catalog, table, after);
    }
    return keepsKeys(from, to)
        ? new CatalogEdit(
            Definitions.withTableInPlaceOf(catalog, table, after), List.of(), List.of(table.id()))
        : reindexed(catalog, table, after, ordinal);
  }

  /** Whether a value of the one type has the same bytes in a row as the same one of the other. */
  private static boolean keepsRows(SqlType from, SqlType to) {
    if (WHOLE_NUMBERS.contains(from.name()) && WHOLE_NUMBERS.contains(to.name())) {
      return WHOLE_NUMBERS.indexOf(from.name()) <= WHOLE_NUMBERS.indexOf(to.name());
    }
    return switch (to.name()) {
      case DECIMAL ->
          from.name() == Name.DECIMAL && from.scale() == to.scale() && digits(from) <= digits(to);
      case VARCHAR ->
          (TEXTS.contains(from.name()) || from.name() == Name.JSON) && isAsLong(from, to);
      case VARBINARY -> BINARIES.contains(from.name()) && isAsLong(from, to);
      case CHAR -> from.name() == Name.CHAR && isAsLong(from, to);
      case ARRAY -> from.name() == Name.ARRAY && isAsLong(from, to) && sameElements(from, to);
      case TIME, TIMESTAMP, TIMESTAMP_TZ -> from.name() == to.name() && isAsLong(from, to);
      case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME ->
          from.name() == to.name() && isAsWide(from, to) && isAsLong(from, to);
      default -> from.equals(to);
    };
  }

  private static boolean sameElements(SqlType from, SqlType to) {
    return from.elementType().equals(to.elementType());
  }

  private static int digits(SqlType decimal) {
    return decimal.precision() == SqlType.UNBOUNDED ? DECIMAL_DIGITS : decimal.precision();
  }

  private static boolean isAsLong(SqlType from, SqlType to) {
    return to.precision() == SqlType.UNBOUNDED
        || (from.precision() != SqlType.UNBOUNDED && from.precision() <= to.precision());
  }

  /** Whether its fields are the same, and as fine. */
  private static boolean isAsWide(SqlType from, SqlType to) {
    return from.fields().first() == to.fields().first()
        && from.fields().last() == to.fields().last()
        && from.fields().fraction() <= to.fields().fraction();
  }

  /** Of types that keep rows: whole numbers have as many bytes in a key as their type. */
  private static boolean keepsKeys(SqlType from, SqlType to) {
    return from.name() == to.name() || !WHOLE_NUMBERS.contains(to.name());
  }

  /** As an INSERT would convert, with the exception of text, which may be anything. */
  private static void checkConvertible(TableDef table, int ordinal, SqlType to) {
    ColumnDef column = table.columns().get(ordinal);
    SqlType from = column.type();
    if (!isConvertible(from, to)) {
      throw new SqlFailure(
          State.TYPE_MISMATCH,
          named(table, column)
              + " cannot be made "
              + to
              + " from "
              + from
              + "; add another column, and UPDATE it by a CAST");
    }
    if (isInUniqueKey(table, ordinal) && !isOneToOne(from, to)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          named(table, column)
              + " is in a key, and different values of type "
              + from
              + " may be the same as "
              + to);
    }
  }

  private static boolean isConvertible(SqlType from, SqlType to) {
    boolean arrays = from.name() == Name.ARRAY && to.name() == Name.ARRAY;
    return arrays
        ? sameElements(from, to) || isConvertible(from.elementType(), to.elementType())
        : isConvertible(from.name(), to.name());
  }

  private static boolean isConvertible(Name from, Name to) {
    return (NUMBERS.contains(from) && NUMBERS.contains(to))
        || (TEXTS.contains(to) && !BINARIES.contains(from) && from != Name.ARRAY)
        || (TEXTS.contains(from) && to == Name.JSON)
        || (BINARIES.contains(from) && BINARIES.contains(to))
        || (from == to && TIMES.contains(to))
        || ((from == Name.TIMESTAMP || from == Name.DATE) && to == Name.TIMESTAMP_TZ)
        || (from == Name.TIMESTAMP_TZ && to == Name.TIMESTAMP)
        || (from == Name.DATE && to == Name.TIMESTAMP)
        || (from == Name.TIMESTAMP && (to == Name.DATE || to == Name.TIME));
  }

  private static boolean isInUniqueKey(TableDef table, int ordinal) {
    return table.primaryKey().contains(ordinal)
        || table.indexes().stream()
            .anyMatch(index -> index.unique() && index.columns().contains(ordinal));
  }

  /** Whether two values that differ go on to differ, or are out of range. */
  private static boolean isOneToOne(SqlType from, SqlType to) {
    boolean whole = WHOLE_NUMBERS.contains(from.name());
    return switch (to.name()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> whole;
      case DECIMAL -> whole || (from.name() == Name.DECIMAL && from.scale() <= to.scale());
      case DOUBLE -> from.name() == Name.REAL;
      case VARCHAR -> !TEXTS.contains(from.name());
      case TIMESTAMP -> from.name() == Name.DATE || isFiner(from, to);
      case TIMESTAMP_TZ -> from.name() == Name.DATE || isFiner(from, to);
      default -> false;
    };
  }

  /** Of a TIMESTAMP with a zone or without one, whose fractions keep their digits. */
  private static boolean isFiner(SqlType from, SqlType to) {
    return (from.name() == Name.TIMESTAMP || from.name() == Name.TIMESTAMP_TZ)
        && isAsLong(from, to);
  }

  private static String named(TableDef table, ColumnDef column) {
    return "column \"" + column.name() + "\" of table \"" + table.name() + "\"";
  }

  private static CatalogEdit reindexed(
      Catalog catalog, TableDef table, TableDef after, int ordinal) {
    List<IndexDef> indexes = new ArrayList<>();
    List<Integer> cleared = new ArrayList<>();
    int nextId = catalog.nextId();
    for (IndexDef index : table.indexes()) {
      if (index.columns().contains(ordinal)) {
        cleared.add(index.id());
        indexes.add(index.at(nextId++));
      } else {
        indexes.add(index);
      }
    }
    return new CatalogEdit(
        Definitions.withTableInPlaceOf(catalog, table, after.withIndexes(indexes), nextId),
        cleared,
        List.of(table.id()));
  }

  /**
   * The table with other ids for its rows and indexes, to which its rows are to be written; those
   * who refer to it follow.
   */
  static CatalogEdit rewritten(Catalog catalog, TableDef before, TableDef after) {
    checkMovable(before);
    TableDef moved = after.at(catalog.nextId()).withoutRows();
    Map<Integer, TableDef> changed = new LinkedHashMap<>();
    changed.put(before.id(), moved);
    ForeignKeys.follow(catalog, before, changed, key -> key.to(moved.id(), key.referenced()));
    return new CatalogEdit(
        Definitions.withTables(
            catalog, changed.values(), catalog.nextId() + Definitions.rowTables(moved).size()),
        Definitions.rowTables(before),
        List.copyOf(changed.keySet()));
  }

  /** Refuses a table whose large values are registered under the id that it has. */
  static void checkMovable(TableDef table) {
    if (table.hasLargeValues()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "table \""
              + table.name()
              + "\" has BLOB or CLOB columns, so its rows cannot be written to another place;"
              + " make another table and INSERT … SELECT into it");
    }
  }
}
