package io.quorate.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The DEFAULTs of columns that take values of a sequence. They name it in full, always in the same
 * way ({@link SequenceDef#nextValue}), so that it is found in their text. Pure functions.
 */
final class SequenceUses {
  private SequenceUses() {}

  static boolean uses(ColumnDef column, SequenceDef sequence) {
    return column.defaultSql() != null && column.defaultSql().contains(sequence.nextValue());
  }

  /** The columns, for a message. */
  static List<String> columns(Catalog catalog, SequenceDef sequence) {
    List<String> names = new ArrayList<>();
    for (TableDef table : users(catalog, sequence)) {
      for (ColumnDef column : table.columns()) {
        if (uses(column, sequence)) {
          names.add("column \"" + table.schema() + "." + table.name() + "." + column.name() + "\"");
        }
      }
    }
    return names;
  }

  /** The sequence and the tables that use it. */
  static List<Integer> idsWith(Catalog catalog, SequenceDef sequence) {
    List<Integer> ids = new ArrayList<>(List.of(sequence.id()));
    users(catalog, sequence).forEach(table -> ids.add(table.id()));
    return ids;
  }

  private static List<TableDef> users(Catalog catalog, SequenceDef sequence) {
    return catalog.tables().values().stream()
        .flatMap(inside -> inside.values().stream())
        .filter(table -> table.columns().stream().anyMatch(column -> uses(column, sequence)))
        .toList();
  }

  /** The catalog, of the same version, with other DEFAULTs in their place; null for none. */
  static Catalog replace(
      Catalog catalog, SequenceDef sequence, UnaryOperator<@Nullable String> change) {
    SortedMap<String, SortedMap<String, TableDef>> tables = new TreeMap<>();
    catalog
        .tables()
        .forEach(
            (schema, inside) -> {
              SortedMap<String, TableDef> changed = new TreeMap<>();
              inside.forEach((name, table) -> changed.put(name, changed(table, sequence, change)));
              tables.put(schema, changed);
            });
    return catalog.withTables(tables);
  }

  private static TableDef changed(
      TableDef table, SequenceDef sequence, UnaryOperator<@Nullable String> change) {
    TableDef changed = table;
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDef column = table.columns().get(i);
      if (uses(column, sequence)) {
        changed = changed.withColumn(i, column.withDefault(change.apply(column.defaultSql())));
      }
    }
    return changed;
  }
}
