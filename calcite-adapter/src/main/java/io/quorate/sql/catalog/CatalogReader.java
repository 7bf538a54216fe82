package io.quorate.sql.catalog;

import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The catalog that a view shows. Thread-safe.
 *
 * <p>A head row is that of one catalog only, for each DDL statement gives it a new version; so what
 * was read once for a head is good for every view that shows it, and one look-up tells.
 */
public final class CatalogReader {
  /** The newest, and those that long transactions still see. */
  private static final int REMEMBERED_MAX = 4;

  private volatile List<Remembered> remembered = List.of();

  private record Remembered(Row head, Catalog catalog) {}

  /**
   * The definitions as of the view.
   *
   * @throws IllegalStateException when they are damaged
   */
  public Catalog read(ReadView view) {
    Optional<Row> head = view.find(Catalog.STORE_TABLE, CatalogCodec.headKey());
    if (head.isEmpty()) {
      return Catalog.empty();
    }
    Optional<Catalog> known = find(head.get());
    if (known.isPresent()) {
      return known.get();
    }
    Catalog catalog = CatalogCodec.decode(head.get(), tables(view), users(view), objects(view));
    remember(new Remembered(head.get(), catalog));
    return catalog;
  }

  /** The definitions as of the view, if they are remembered or there are none. */
  public Optional<Catalog> find(ReadView view) {
    Optional<Row> head = view.find(Catalog.STORE_TABLE, CatalogCodec.headKey());
    return head.isEmpty() ? Optional.of(Catalog.empty()) : find(head.get());
  }

  private Optional<Catalog> find(Row head) {
    for (Remembered each : remembered) {
      if (each.head.equals(head)) {
        return Optional.of(each.catalog);
      }
    }
    return Optional.empty();
  }

  private static List<Row> tables(ReadView view) {
    return rows(view, CatalogCodec.firstTableKey(), Optional.of(CatalogCodec.secretKey()));
  }

  private static Users users(ReadView view) {
    return CatalogCodec.decodeUsers(
        view.find(Catalog.STORE_TABLE, CatalogCodec.secretKey()),
        rows(view, CatalogCodec.firstUserKey(), Optional.of(CatalogCodec.firstViewKey())),
        rows(view, CatalogCodec.firstRoleKey(), Optional.of(CatalogCodec.firstAccessKey())));
  }

  private static SchemaObjects objects(ReadView view) {
    int unknown = rows(view, CatalogCodec.firstUnknownKey(), Optional.empty()).size();
    CatalogBytes.check(unknown == 0, "rows of no known kind:", unknown);
    return ObjectForms.decode(
        rows(view, CatalogCodec.firstViewKey(), Optional.of(CatalogCodec.firstSequenceKey())),
        rows(view, CatalogCodec.firstSequenceKey(), Optional.of(CatalogCodec.firstCommentKey())),
        rows(view, CatalogCodec.firstCommentKey(), Optional.of(CatalogCodec.firstRoleKey())),
        rows(view, CatalogCodec.firstAccessKey(), Optional.of(CatalogCodec.firstUnknownKey())));
  }

  private static List<Row> rows(ReadView view, RowKey from, Optional<RowKey> to) {
    List<Row> rows = new ArrayList<>();
    ReadView.RowCursor cursor = view.scan(Catalog.STORE_TABLE, Optional.of(from), to);
    while (cursor.next()) {
      rows.add(cursor.row());
    }
    return rows;
  }

  /** Newest version first. Two threads at once may forget what one of them read; no harm. */
  private void remember(Remembered catalog) {
    List<Remembered> next = new ArrayList<>(remembered);
    int place = 0;
    while (place < next.size() && next.get(place).catalog.version() > catalog.catalog.version()) {
      place++;
    }
    next.add(place, catalog);
    remembered = List.copyOf(next.subList(0, Math.min(next.size(), REMEMBERED_MAX)));
  }
}
