package io.quorate.sql.plan;

import io.quorate.sql.plan.RandomPredicate.Ref;
import io.quorate.sql.plan.RandomPredicate.Written;
import io.quorate.sql.plan.RandomTables.Kind;
import io.quorate.sql.plan.RandomTables.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a query is from, and a condition of its rows, both random. */
final class RandomQuery {
  private static final List<String> JOINS =
      List.of(" JOIN ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ");

  private final SplittableRandom random;
  private final List<Table> tables;
  private final List<Ref> columns = new ArrayList<>();
  private final List<@Nullable Object> parameters = new ArrayList<>();
  private final String from;
  private final Written condition;

  RandomQuery(SplittableRandom random, List<Table> tables) {
    this.random = random;
    this.tables = tables;
    int count = random.nextInt(5) < 3 ? 1 : random.nextInt(4) == 0 ? 3 : 2;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      add(text, new String[] {"X", "Y", "Z"}[i]);
    }
    this.from = text.toString();
    int subQueries = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0;
    this.condition =
        new RandomPredicate(random, tables, subQueries).written(columns, random.nextInt(3));
  }

  private void add(StringBuilder text, String alias) {
    Table table = tables.get(random.nextInt(tables.size()));
    List<Ref> more = RandomPredicate.columns(alias, table);
    String shown = table.name() + " " + alias;
    if (random.nextInt(10) == 0) {
      Written kept =
          new RandomPredicate(random, tables, 0).written(RandomPredicate.columns("D", table), 1);
      parameters.addAll(kept.parameters());
      shown = "(SELECT * FROM " + table.name() + " D WHERE " + kept.sql() + ") " + alias;
    }
    if (columns.isEmpty()) {
      text.append(shown);
    } else if (random.nextInt(10) == 0) {
      text.append(" CROSS JOIN ").append(shown);
    } else {
      Written on = new RandomPredicate(random, tables, 0).joining(List.copyOf(columns), more);
      text.append(JOINS.get(random.nextInt(JOINS.size()))).append(shown).append(" ON ");
      text.append(on.sql());
      parameters.addAll(on.parameters());
    }
    columns.addAll(more);
  }

  /** Of all its tables. */
  List<Ref> columns() {
    return columns;
  }

  String from() {
    return from;
  }

  /** Whether a short plan may do: of one table, without sub-queries. */
  boolean isShort() {
    return ids().size() == 1 && !condition.sql().contains("SELECT");
  }

  Written condition() {
    return condition;
  }

  /** Those of its FROM. */
  List<@Nullable Object> parameters() {
    return parameters;
  }

  /** A few columns, as numbers of those of all its tables. */
  List<Integer> some() {
    List<Integer> some = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      some.add(random.nextInt(columns.size()));
    }
    return some.stream().distinct().toList();
  }

  /** The columns that tell any two rows apart. */
  List<Integer> ids() {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).column().name().equals("ID")) {
        ids.add(i);
      }
    }
    return ids;
  }

  Kind kind(int column) {
    return columns.get(column).kind();
  }

  String sql(int column) {
    return columns.get(column).sql();
  }
}
