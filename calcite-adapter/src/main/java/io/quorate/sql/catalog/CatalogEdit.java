package io.quorate.sql.catalog;

import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a DDL statement makes of a catalog.
 *
 * @param after one version on
 * @param clearedTables store tables whose entries all go
 * @param tables ids of the tables it is about, without those it makes
 */
public record CatalogEdit(Catalog after, List<Integer> clearedTables, List<Integer> tables) {
  public CatalogEdit {
    clearedTables = List.copyOf(clearedTables);
    tables = List.copyOf(tables);
  }

  /**
   * The entries of the store that turn one catalog into the other.
   *
   * @param view shows {@code before}
   */
  public static List<StoreChange> changes(ReadView view, Catalog before, Catalog after) {
    List<StoreChange> changes = new ArrayList<>();
    changes.add(change(view, CatalogCodec.headKey(), CatalogCodec.encodeHead(after)));
    Map<Integer, TableDef> old = byId(before);
    Map<Integer, TableDef> now = byId(after);
    TreeSet<Integer> ids = new TreeSet<>(old.keySet());
    ids.addAll(now.keySet());
    for (int id : ids) {
      TableDef table = now.get(id);
      if (!Objects.equals(old.get(id), table)) {
        Row row = table == null ? null : CatalogCodec.encodeTable(table);
        changes.add(change(view, CatalogCodec.tableKey(id), row));
      }
      if (table == null) {
        dropStatistics(changes, view, CatalogCodec.tableKey(id));
      }
    }
    addUserChanges(changes, view, before.users(), after.users());
    return changes;
  }

  private static void dropStatistics(List<StoreChange> changes, ReadView view, RowKey key) {
    view.find(Catalog.STATISTICS_TABLE, key)
        .ifPresent(row -> changes.add(new StoreChange(Catalog.STATISTICS_TABLE, key, row, null)));
  }

  private static void addUserChanges(
      List<StoreChange> changes, ReadView view, Users before, Users after) {
    if (!before.secret().equals(after.secret())) {
      changes.add(
          change(view, CatalogCodec.secretKey(), CatalogCodec.encodeSecret(after.secret())));
    }
    TreeSet<String> names = new TreeSet<>(before.byName().keySet());
    names.addAll(after.byName().keySet());
    for (String name : names) {
      UserDef user = after.byName().get(name);
      if (!Objects.equals(before.byName().get(name), user)) {
        Row row = user == null ? null : CatalogCodec.encodeUser(user);
        changes.add(change(view, CatalogCodec.userKey(name), row));
      }
    }
  }

  private static StoreChange change(ReadView view, RowKey key, @Nullable Row value) {
    Row seen = view.find(Catalog.STORE_TABLE, key).orElse(null);
    return new StoreChange(Catalog.STORE_TABLE, key, seen, value);
  }

  private static Map<Integer, TableDef> byId(Catalog catalog) {
    Map<Integer, TableDef> byId = new TreeMap<>();
    catalog
        .tables()
        .values()
        .forEach(schema -> schema.values().forEach(table -> byId.put(table.id(), table)));
    return byId;
  }
}
