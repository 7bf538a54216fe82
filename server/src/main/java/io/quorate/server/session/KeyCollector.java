package io.quorate.server.session;

import io.quorate.driver.wire.KeysAsked;
import io.quorate.server.tx.Written;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.store.ReadView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows that a write puts, as its statements are evaluated, again and again if that
 * is what it takes: the last time counts. Confined to the thread of the write.
 */
final class KeyCollector {
  private final KeysAsked asked;

  /** By the number of the statement in its batch. */
  private final SortedMap<Integer, List<@Nullable Object[]>> rows = new TreeMap<>();

  private boolean resolved;
  private @Nullable TableDef table;
  private List<Integer> ordinals = List.of();

  /** Of RETURNING, which tells its rows itself; then nothing else is asked for. */
  private List<ResultColumn> returning = List.of();

  private long evaluatedAt = -1;

  KeyCollector(KeysAsked asked) {
    this.asked = asked;
  }

  /**
   * To be told of the rows of one statement, which is evaluated on the view.
   *
   * @param columns of its RETURNING; empty without one
   */
  InsertedRows begin(int statement, ReadView view, List<ResultColumn> columns) {
    returning = columns;
    if (!columns.isEmpty()) {
      return returned(statement, view);
    }
    if (asked.isNone()) {
      return InsertedRows.IGNORED;
    }
    evaluatedAt = view.revision();
    resolved = false;
    List<@Nullable Object[]> keys = new ArrayList<>();
    rows.put(statement, keys);
    return (definition, values) -> {
      if (!resolved) {
        ordinals = ordinals(definition);
        table = definition;
        resolved = true;
      }
      if (!ordinals.isEmpty()) {
        keys.add(ordinals.stream().map(ordinal -> values[ordinal]).toArray());
      }
    };
  }

  private InsertedRows returned(int statement, ReadView view) {
    evaluatedAt = view.revision();
    List<@Nullable Object[]> told = new ArrayList<>();
    rows.put(statement, told);
    return new InsertedRows() {
      @Override
      public void row(TableDef definition, @Nullable Object[] values) {
        // RETURNING says what is to be told of it
      }

      @Override
      public void returned(@Nullable Object[] values) {
        told.add(values);
      }
    };
  }

  private List<Integer> ordinals(TableDef definition) {
    List<ColumnDef> columns = definition.visibleColumns();
    return switch (asked.kind()) {
      case NONE -> List.of();
      case PRIMARY_KEY -> generated(definition);
      case BY_NAME -> asked.names().stream().map(name -> find(definition, name)).toList();
      case BY_NUMBER -> {
        for (int number : asked.numbers()) {
          if (number < 1 || number > columns.size()) {
            throw notFound(definition, Integer.toString(number));
          }
        }
        yield asked.numbers().stream().map(number -> number - 1).toList();
      }
    };
  }

  /** The identity column, which callers look for first, and the primary key. */
  private static List<Integer> generated(TableDef definition) {
    LinkedHashSet<Integer> ordinals = new LinkedHashSet<>();
    definition.findIdentity().ifPresent(ordinals::add);
    if (!definition.hasHiddenKey()) {
      ordinals.addAll(definition.primaryKey());
    }
    return List.copyOf(ordinals);
  }

  /** As it is written; else in any case, as callers of JDBC do not quote. */
  private static int find(TableDef definition, String name) {
    List<String> names = definition.visibleColumns().stream().map(ColumnDef::name).toList();
    int exact = names.indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw notFound(definition, name);
  }

  private static SqlFailure notFound(TableDef definition, String column) {
    return new SqlFailure(
        SqlFailure.State.COLUMN_NOT_FOUND,
        "column \"" + column + "\" of table \"" + definition.name() + "\" not found");
  }

  /** What came of a write that commits by itself: it may not be the one that was evaluated here. */
  GeneratedKeys keys(Written written) {
    if (asked.isNone() && returning.isEmpty()) {
      return GeneratedKeys.NONE;
    }
    GeneratedKeys keys = keys();
    boolean anotherTime =
        evaluatedAt < 0 || (!keys.rows().isEmpty() && written.revision() <= evaluatedAt);
    return anotherTime ? GeneratedKeys.UNKNOWN : keys;
  }

  GeneratedKeys keys() {
    List<@Nullable Object[]> all = new ArrayList<>();
    rows.values().forEach(all::addAll);
    if (!returning.isEmpty()) {
      return new GeneratedKeys(returning, all, false, true);
    }
    TableDef of = table;
    if (of == null || ordinals.isEmpty()) {
      return GeneratedKeys.NONE;
    }
    List<ResultColumn> columns =
        ordinals.stream().map(of.columns()::get).map(column -> column(of, column)).toList();
    return new GeneratedKeys(columns, all, false);
  }

  private static ResultColumn column(TableDef table, ColumnDef column) {
    return new ResultColumn(
        column.name(),
        column.type(),
        column.nullable(),
        table.schema(),
        table.name(),
        column.name());
  }
}
