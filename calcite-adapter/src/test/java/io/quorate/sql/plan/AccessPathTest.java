package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random conditions on a table with keys and indexes and on its twin without any: the same rows, on
 * the short way and on the general one.
 */
class AccessPathTest {
  private static final int ROWS = 300;
  private static final TestDatabase DB = new TestDatabase();

  @BeforeAll
  static void fill() {
    String columns = "(p INTEGER, q SMALLINT, a INTEGER, b VARCHAR(10), c DECIMAL(6, 2), d BIGINT";
    DB.execute("CREATE TABLE keyed " + columns + ", PRIMARY KEY (p, q), UNIQUE (d))");
    DB.execute("CREATE INDEX i_a_b ON keyed (a, b)");
    DB.execute("CREATE INDEX i_c ON keyed (c)");
    DB.execute("CREATE TABLE plain " + columns + ")");
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < ROWS; i++) {
      @Nullable Object[] row = {
        i / 6 - 20,
        i % 6 - 3,
        random.nextInt(5) == 0 ? null : random.nextInt(-5, 15),
        random.nextInt(5) == 0 ? null : "b" + random.nextInt(6),
        random.nextInt(5) == 0 ? null : java.math.BigDecimal.valueOf(random.nextInt(-900, 900), 2),
        random.nextInt(5) == 0 ? null : i * 3L
      };
      DB.execute("INSERT INTO keyed VALUES (?, ?, ?, ?, ?, ?)", row);
      DB.execute("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?)", row);
    }
  }

  static Stream<Long> seeds() {
    return LongStream.range(0, 60).mapToObj(i -> 0xACCE55L + i);
  }

  @ParameterizedTest(name = "SEED={0}")
  @MethodSource("seeds")
  void a_path_by_keys_finds_what_a_full_scan_finds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<@Nullable Object> parameters = new ArrayList<>();
    String where = " WHERE " + condition(random, 3, parameters);
    @Nullable Object[] values = parameters.toArray();
    String order =
        " ORDER BY " + List.of("p, q", "a, b, p, q", "c DESC, p, q").get(random.nextInt(3));
    String rows = DB.text("SELECT * FROM plain" + where + order, values);
    assertThat(DB.text("SELECT * FROM keyed" + where + order, values)).as(where).isEqualTo(rows);
    String sums = "SELECT COUNT(*), SUM(p * 7 + q), MIN(b) FROM ";
    assertThat(DB.text(sums + "keyed" + where, values))
        .as(where)
        .isEqualTo(DB.text(sums + "plain" + where, values));
    assertThat(DB.text("SELECT COUNT(*) FROM keyed" + where, values))
        .isEqualTo(String.valueOf(rows.isEmpty() ? 0 : rows.lines().count()));
  }

  private static String condition(
      SplittableRandom random, int depth, List<@Nullable Object> parameters) {
    int kind = random.nextInt(depth > 0 ? 9 : 6);
    if (kind >= 6) {
      String left = condition(random, depth - 1, parameters);
      String right = condition(random, depth - 1, parameters);
      return kind == 8 ? "(" + left + " OR " + right + ")" : "(" + left + " AND " + right + ")";
    }
    String column = List.of("p", "q", "a", "b", "c", "d").get(random.nextInt(6));
    if (kind == 0) {
      return column + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
    }
    if (kind == 1) {
      return column
          + " IN ("
          + value(column, random, parameters)
          + ", "
          + value(column, random, parameters)
          + ")";
    }
    if (kind == 2) {
      return column
          + " BETWEEN "
          + value(column, random, parameters)
          + " AND "
          + value(column, random, parameters);
    }
    String comparison = List.of(" = ", " < ", " <= ", " > ", " >= ", " <> ").get(random.nextInt(6));
    return column + (kind == 3 ? " = " : comparison) + value(column, random, parameters);
  }

  private static String value(
      String column, SplittableRandom random, List<@Nullable Object> parameters) {
    boolean text = column.equals("b");
    int number = column.equals("d") ? random.nextInt(-10, 910) : random.nextInt(-10, 20);
    if (random.nextInt(3) == 0) {
      parameters.add(random.nextInt(12) == 0 ? null : text ? "b" + number : (Object) (long) number);
      return "?";
    }
    if (text) {
      return "'b" + random.nextInt(7) + "'";
    }
    return switch (random.nextInt(6)) {
      case 0 -> number + ".5";
      case 1 -> number + "000000000000";
      default -> String.valueOf(number);
    };
  }
}
