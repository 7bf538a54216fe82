package io.quorate.server;

import io.quorate.server.store.StoreDamagedException;
import io.quorate.server.store.StoreView;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rows of one revision agree with each other: the catalog can be read, every row can be
 * decoded and lies under its own key, every index has the entries of its table's rows and no other,
 * and the counts are right. Reads every page. Confined to one thread; used once.
 */
public final class RowsCheck {
  private static final int PROBLEMS_MAX = 20;

  private final StoreView view;
  private final List<String> problems = new ArrayList<>();

  /** Store tables that the catalog knows. */
  private final Set<Integer> known = new HashSet<>();

  private long tables;
  private long indexes;
  private long rows;

  private RowsCheck(StoreView view) {
    this.view = view;
  }

  /**
   * What was found.
   *
   * @param leftovers store tables with rows that the catalog does not know, such as those of an
   *     index whose making was broken off; they are emptied when their number is given again
   * @param problems in words, the first few of them
   */
  public record Result(long tables, long indexes, long rows, int leftovers, List<String> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads all of the view.
   *
   * @throws StoreDamagedException when a page cannot be read
   */
  public static Result of(StoreView view) {
    return new RowsCheck(view).run();
  }

  private Result run() {
    known.add(Catalog.STORE_TABLE);
    count(Catalog.STORE_TABLE);
    readCatalog()
        .ifPresent(
            catalog -> {
              for (SequenceDef sequence : catalog.objects().sequences().values()) {
                known.add(sequence.counter());
                count(sequence.counter());
              }
              catalog.tables().values().stream()
                  .flatMap(inside -> inside.values().stream())
                  .forEach(this::check);
            });
    int leftovers = 0;
    for (int table : view.tables()) {
      if (!known.contains(table)) {
        count(table);
        leftovers += table < Catalog.FIRST_ID ? 0 : 1;
      }
    }
    return new Result(tables, indexes, rows, leftovers, problems);
  }

  private Optional<Catalog> readCatalog() {
    try {
      return Optional.of(new CatalogReader().read(view));
    } catch (StoreDamagedException e) {
      throw e;
    } catch (RuntimeException e) {
      problem("the catalog cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void check(TableDef table) {
    TableCodec codec = new TableCodec(table);
    String name = table.schema() + "." + table.name();
    tables++;
    indexes += table.indexes().size();
    known.add(table.id());
    IndexDef building = table.building();
    if (building != null) {
      known.add(building.id());
      count(building.id());
    }
    for (ColumnDef column : table.columns()) {
      IdentityDef identity = column.identity();
      if (identity != null) {
        known.add(identity.counter());
        count(identity.counter());
      }
    }
    long found = 0;
    ReadView.RowCursor cursor = scan(table.id());
    while (cursor.next()) {
      found++;
      check(name, codec, cursor.key(), cursor.row());
    }
    rows += found;
    if (found != view.rowCount(table.id())) {
      problem(name + " has " + found + " rows and counts " + view.rowCount(table.id()));
    }
    for (IndexCodec index : codec.indexes()) {
      known.add(index.definition().id());
      long entries = count(index.definition().id());
      if (entries != found) {
        problem(
            "index %s of %s has %d entries for %d rows"
                .formatted(index.definition().name(), name, entries, found));
      }
    }
  }

  private void check(String name, TableCodec codec, RowKey key, Row row) {
    @Nullable Object[] values;
    try {
      values = codec.rows().decode(row);
      if (!codec.key(values).equals(key)) {
        problem("a row of " + name + " lies under the key " + key + ", which is not its own");
      }
    } catch (RuntimeException e) {
      problem("the row of " + name + " under the key " + key + " cannot be decoded: " + e);
      return;
    }
    for (IndexCodec index : codec.indexes()) {
      Optional<Row> entry = view.find(index.definition().id(), index.entryKey(values, key));
      if (!entry.equals(Optional.of(index.entryValue(key)))) {
        problem(
            "index %s of %s %s the row under the key %s"
                .formatted(
                    index.definition().name(),
                    name,
                    entry.isPresent() ? "points elsewhere for" : "has no entry for",
                    key));
      }
    }
  }

  /** Walks a store table; its rows, which are as many as it says. */
  private long count(int table) {
    long found = 0;
    ReadView.RowCursor cursor = scan(table);
    while (cursor.next()) {
      found++;
    }
    if (found != view.rowCount(table)) {
      problem(
          "store table %d has %d entries and counts %d"
              .formatted(table, found, view.rowCount(table)));
    }
    return found;
  }

  private ReadView.RowCursor scan(int table) {
    return view.scan(table, Optional.empty(), Optional.empty());
  }

  private void problem(String text) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(text);
    }
  }
}
