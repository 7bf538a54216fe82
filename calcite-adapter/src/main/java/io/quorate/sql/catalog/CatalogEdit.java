package io.quorate.sql.catalog;

import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
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
    after = Access.settled(after.withObjects(Comments.withoutOrphans(after)));
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
    SortedMap<Integer, TableDef> old = byId(before);
    SortedMap<Integer, TableDef> now = byId(after);
    addChanges(changes, view, old, now, CatalogCodec::tableKey, CatalogCodec::encodeTable);
    for (TableDef gone : old.values()) {
      if (!now.containsKey(gone.id())) {
        dropStatistics(changes, view, CatalogCodec.tableKey(gone.id()));
        if (gone.hasLargeValues()) {
          RowKey key = LobKeys.tableGone(gone.id());
          changes.add(new StoreChange(LobKeys.REGISTER, key, null, LobKeys.PRESENT));
        }
      }
    }
    addUserChanges(changes, view, before.users(), after.users());
    addChanges(
        changes,
        view,
        before.objects().views(),
        after.objects().views(),
        CatalogCodec::viewKey,
        ObjectForms::encode);
    addChanges(
        changes,
        view,
        before.objects().sequences(),
        after.objects().sequences(),
        CatalogCodec::sequenceKey,
        ObjectForms::encode);
    addChanges(
        changes,
        view,
        withKeys(before.objects()),
        withKeys(after.objects()),
        CatalogCodec::commentKey,
        comment -> ObjectForms.encode(comment.getKey(), comment.getValue()));
    addAccessChanges(changes, view, before, after);
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
    addChanges(
        changes,
        view,
        before.byName(),
        after.byName(),
        CatalogCodec::userKey,
        CatalogCodec::encodeUser);
  }

  private static void addAccessChanges(
      List<StoreChange> changes, ReadView view, Catalog before, Catalog after) {
    addChanges(
        changes,
        view,
        before.users().roles(),
        after.users().roles(),
        CatalogCodec::roleKey,
        AccessForms::encode);
    addChanges(
        changes,
        view,
        accessWithKeys(before.objects()),
        accessWithKeys(after.objects()),
        CatalogCodec::accessKey,
        access -> AccessForms.encode(access.getKey(), access.getValue()));
  }

  private static SortedMap<ObjectKey, Map.Entry<ObjectKey, ObjectAccess>> accessWithKeys(
      SchemaObjects objects) {
    SortedMap<ObjectKey, Map.Entry<ObjectKey, ObjectAccess>> entries = new TreeMap<>();
    objects.access().forEach((key, access) -> entries.put(key, Map.entry(key, access)));
    return entries;
  }

  private static <K extends Comparable<K>, V> void addChanges(
      List<StoreChange> changes,
      ReadView view,
      SortedMap<K, V> before,
      SortedMap<K, V> after,
      Function<K, RowKey> key,
      Function<V, Row> encode) {
    TreeSet<K> ids = new TreeSet<>(before.keySet());
    ids.addAll(after.keySet());
    for (K id : ids) {
      V now = after.get(id);
      if (!Objects.equals(before.get(id), now)) {
        changes.add(change(view, key.apply(id), now == null ? null : encode.apply(now)));
      }
    }
  }

  private static StoreChange change(ReadView view, RowKey key, @Nullable Row value) {
    Row seen = view.find(Catalog.STORE_TABLE, key).orElse(null);
    return new StoreChange(Catalog.STORE_TABLE, key, seen, value);
  }

  private static SortedMap<CommentKey, Map.Entry<CommentKey, String>> withKeys(
      SchemaObjects objects) {
    SortedMap<CommentKey, Map.Entry<CommentKey, String>> entries = new TreeMap<>();
    objects.comments().forEach((key, text) -> entries.put(key, Map.entry(key, text)));
    return entries;
  }

  private static SortedMap<Integer, TableDef> byId(Catalog catalog) {
    SortedMap<Integer, TableDef> byId = new TreeMap<>();
    catalog
        .tables()
        .values()
        .forEach(schema -> schema.values().forEach(table -> byId.put(table.id(), table)));
    return byId;
  }
}
