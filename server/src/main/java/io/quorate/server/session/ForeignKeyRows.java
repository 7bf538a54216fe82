package io.quorate.server.session;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ForeignKeyDef;
import io.quorate.sql.catalog.TableDef;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code java.sql.DatabaseMetaData} says of foreign keys. Pure functions. */
final class ForeignKeyRows {
  private static final int CHILD_ARGUMENTS = 3;

  private ForeignKeyRows() {}

  /** A foreign key with both of its tables. */
  private record Bond(TableDef parent, TableDef child, ForeignKeyDef key) {}

  /** Those that the rows of a table refer by. */
  static List<@Nullable Object[]> imported(Catalog catalog, MetadataQuery query) {
    return rows(bonds(catalog).filter(bond -> isNamed(bond.child, query, 0)), BY_PARENT);
  }

  /** Those that refer to the rows of a table. */
  static List<@Nullable Object[]> exported(Catalog catalog, MetadataQuery query) {
    return rows(bonds(catalog).filter(bond -> isNamed(bond.parent, query, 0)), BY_CHILD);
  }

  /** Those from one table to another. */
  static List<@Nullable Object[]> between(Catalog catalog, MetadataQuery query) {
    return rows(
        bonds(catalog)
            .filter(bond -> isNamed(bond.parent, query, 0))
            .filter(bond -> isNamed(bond.child, query, CHILD_ARGUMENTS)),
        BY_CHILD);
  }

  private static final Comparator<Bond> BY_PARENT =
      Comparator.comparing((Bond bond) -> bond.parent.schema())
          .thenComparing(bond -> bond.parent.name())
          .thenComparing(bond -> bond.key.name());

  private static final Comparator<Bond> BY_CHILD =
      Comparator.comparing((Bond bond) -> bond.child.schema())
          .thenComparing(bond -> bond.child.name())
          .thenComparing(bond -> bond.key.name());

  private static Stream<Bond> bonds(Catalog catalog) {
    return catalog.tables().values().stream()
        .flatMap(inside -> inside.values().stream())
        .flatMap(
            parent ->
                catalog.foreignKeysTo(parent.id()).stream()
                    .map(referrer -> new Bond(parent, referrer.table(), referrer.key())));
  }

  /** Whether catalog, schema and name, from an argument on, are the table's; null is any. */
  private static boolean isNamed(TableDef table, MetadataQuery query, int first) {
    return is(Catalog.NAME, query, first)
        && is(table.schema(), query, first + 1)
        && is(table.name(), query, first + 2);
  }

  private static boolean is(String name, MetadataQuery query, int index) {
    String argument = index < query.arguments().size() ? query.arguments().get(index) : null;
    return argument == null || argument.equals(name);
  }

  private static List<@Nullable Object[]> rows(Stream<Bond> bonds, Comparator<Bond> order) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    bonds.sorted(order).forEach(bond -> addTo(rows, bond));
    return rows;
  }

  private static void addTo(List<@Nullable Object[]> rows, Bond bond) {
    ForeignKeyDef key = bond.key;
    for (int i = 0; i < key.columns().size(); i++) {
      rows.add(
          new @Nullable Object[] {
            Catalog.NAME,
            bond.parent.schema(),
            bond.parent.name(),
            bond.parent.columns().get(key.referenced().get(i)).name(),
            Catalog.NAME,
            bond.child.schema(),
            bond.child.name(),
            bond.child.columns().get(key.columns().get(i)).name(),
            (short) (i + 1),
            rule(key.onUpdate()),
            rule(key.onDelete()),
            key.name(),
            bond.parent.findUniqueKey(key.referenced()).orElseThrow().name(),
            (short) DatabaseMetaData.importedKeyNotDeferrable
          });
    }
  }

  private static short rule(ForeignKeyDef.Action action) {
    return (short)
        switch (action) {
          case NO_ACTION -> DatabaseMetaData.importedKeyNoAction;
          case RESTRICT -> DatabaseMetaData.importedKeyRestrict;
          case CASCADE -> DatabaseMetaData.importedKeyCascade;
          case SET_NULL -> DatabaseMetaData.importedKeySetNull;
          case SET_DEFAULT -> DatabaseMetaData.importedKeySetDefault;
        };
  }
}
