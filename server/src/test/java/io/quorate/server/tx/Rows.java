package io.quorate.server.tx;

import io.quorate.server.tx.Evaluation.Evaluated;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Statements on a table of texts by text, without SQL. */
public final class Rows {
  public static final int TABLE = 16;
  private static final RowKey VERSION = key("version");

  private Rows() {}

  public static RowKey key(String text) {
    return RowKey.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public static Row row(String text) {
    return Row.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String text(Row row) {
    return new String(row.unsafeBytes(), StandardCharsets.UTF_8);
  }

  /** One table, whose definition has the version as its name. */
  public static Catalog catalog(ReadView view) {
    long version =
        view.find(Catalog.STORE_TABLE, VERSION).map(row -> Long.parseLong(text(row))).orElse(0L);
    TableDef table =
        new TableDef(
            TABLE,
            "PUBLIC",
            "T" + version,
            List.of(new ColumnDef("K", SqlType.of(SqlType.Name.VARCHAR), false, null)),
            List.of(0),
            "PK",
            List.of());
    TreeSet<String> schemas = new TreeSet<>(List.of("PUBLIC"));
    TreeMap<String, TableDef> tables = new TreeMap<>(Map.of(table.name(), table));
    return new Catalog(version, TABLE + 1, schemas, new TreeMap<>(Map.of("PUBLIC", tables)));
  }

  /** DDL that raises the version and prepares rows in the store table behind. */
  public static Redefining newVersion(List<List<StoreChange>> preparation, int... cleared) {
    return view -> {
      Optional<Row> seen = view.find(Catalog.STORE_TABLE, VERSION);
      long version = catalog(view).version() + 1;
      List<Integer> clearedTables = new ArrayList<>();
      for (int table : cleared) {
        clearedTables.add(table);
      }
      return new Plan.Redefinition(
          preparation.iterator(),
          List.of(
              new StoreChange(
                  Catalog.STORE_TABLE, VERSION, seen.orElse(null), row(Long.toString(version)))),
          clearedTables,
          List.of(TABLE));
    };
  }

  public static Evaluation insert(String key, String value) {
    return (view, sequences) -> {
      if (view.find(TABLE, key(key)).isPresent()) {
        throw new SqlFailure(SqlFailure.State.UNIQUE_VIOLATION, key + " is there");
      }
      return one(view, new StoreChange(TABLE, key(key), null, row(value)));
    };
  }

  public static Evaluation update(String key, UnaryOperator<String> change) {
    return (view, sequences) -> {
      Optional<Row> seen = view.find(TABLE, key(key));
      return seen.isEmpty()
          ? new Evaluated(catalog(view), new Plan.Changes(0, List.of(), List.of(TABLE)))
          : one(
              view,
              new StoreChange(TABLE, key(key), seen.get(), row(change.apply(text(seen.get())))));
    };
  }

  public static Evaluation delete(String key) {
    return (view, sequences) ->
        one(view, new StoreChange(TABLE, key(key), view.find(TABLE, key(key)).orElse(null), null));
  }

  public static UnaryOperator<String> plus(int amount) {
    return text -> Integer.toString(Integer.parseInt(text) + amount);
  }

  private static Evaluated one(ReadView view, StoreChange change) {
    return new Evaluated(catalog(view), new Plan.Changes(1, List.of(change), List.of(TABLE)));
  }

  static Optional<String> read(ReadView view, String key) {
    return view.find(TABLE, key(key)).map(Rows::text);
  }

  /** All rows as key=value, walked. */
  static List<String> all(ReadView view) {
    return walk(view, Optional.empty(), Optional.empty());
  }

  static List<String> walk(ReadView view, Optional<RowKey> from, Optional<RowKey> to) {
    return walk(view.scan(TABLE, from, to));
  }

  static List<String> walkBackward(ReadView view, Optional<RowKey> from, Optional<RowKey> to) {
    return walk(view.scanBackward(TABLE, from, to));
  }

  private static List<String> walk(ReadView.RowCursor cursor) {
    List<String> rows = new ArrayList<>();
    while (cursor.next()) {
      rows.add(
          new String(cursor.key().unsafeBytes(), StandardCharsets.UTF_8)
              + "="
              + text(cursor.row()));
    }
    return rows;
  }
}
