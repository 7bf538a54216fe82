package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text is in the order of its UTF-8 wherever it is ordered: the same rows with an index and without
 * one, by short plans and by generated code, against an order that is computed here.
 */
final class TextOrderTest {
  private static final TestDatabase DB = new TestDatabase();

  /** Characters around the place where UTF-16 and UTF-8 part, and some before it. */
  private static final int[] CHARACTERS = {
    'a', 'b', 0xE9, 0x65E5, 0xD7FF, 0xE000, 0xE001, 0xFB01, 0xFFFD, 0xFFFF, 0x10000, 0x1F600,
    0x1F601, 0x2FA1D, 0xFFFFF, 0x10FFFF
  };

  private static final Comparator<String> UTF_8 =
      Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private static final List<String> TEXTS = texts();

  private static List<String> texts() {
    SplittableRandom random = new SplittableRandom(11);
    Set<String> texts = new HashSet<>();
    while (texts.size() < 150) {
      texts.add(text(random));
    }
    List<String> sorted = new ArrayList<>(texts);
    sorted.sort(UTF_8);
    return sorted;
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(4); left > 0; left--) {
      text.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  @BeforeAll
  static void fill() {
    DB.execute("CREATE TABLE plain (n INTEGER PRIMARY KEY, s VARCHAR(10))");
    DB.execute("CREATE TABLE indexed (n INTEGER PRIMARY KEY, s VARCHAR(10))");
    DB.execute("CREATE UNIQUE INDEX i_s ON indexed (s)");
    DB.execute("CREATE TABLE keyed (n INTEGER, s VARCHAR(10) PRIMARY KEY)");
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < TEXTS.size(); i++) {
      places.add(i * 61 % TEXTS.size());
    }
    for (int n : places) {
      for (String table : List.of("plain", "indexed", "keyed")) {
        DB.execute("INSERT INTO " + table + " VALUES (?, ?)", n, TEXTS.get(n));
      }
    }
  }

  /** The rank of a text is its {@code n}. */
  private static List<Integer> numbers(int from, int to) {
    List<Integer> numbers = new ArrayList<>();
    for (int n = from; n < to; n++) {
      numbers.add(n);
    }
    return numbers;
  }

  private static List<@Nullable Object> column(String sql, @Nullable Object... parameters) {
    List<@Nullable Object> values = new ArrayList<>();
    DB.query(sql, parameters).forEach(row -> values.add(row.get(0)));
    return values;
  }

  @Test
  void java_has_another_order() {
    List<String> java = new ArrayList<>(TEXTS);
    java.sort(Comparator.naturalOrder());
    assertThat(java).isNotEqualTo(TEXTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "indexed", "keyed"})
  void rows_are_sorted(String table) {
    assertThat(column("SELECT n FROM " + table + " ORDER BY s")).isEqualTo(numbers(0, 150));
    assertThat(column("SELECT n FROM " + table + " ORDER BY s DESC LIMIT 2"))
        .isEqualTo(List.of(149, 148));
    String generated = "SELECT MAX(n) FROM " + table + " GROUP BY s ORDER BY s";
    assertThat(column(generated)).isEqualTo(numbers(0, 150));
    assertThat(column(generated + " LIMIT 3 OFFSET 100")).isEqualTo(numbers(100, 103));
    assertThat(column("SELECT MAX(n) FROM " + table + " GROUP BY s ORDER BY s || '', MAX(n)"))
        .isEqualTo(numbers(0, 150));
    assertThat(column("SELECT DISTINCT s FROM " + table + " ORDER BY s")).isEqualTo(TEXTS);
    assertThat(column("SELECT s FROM " + table + " UNION SELECT s FROM plain ORDER BY 1"))
        .isEqualTo(TEXTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "indexed", "keyed"})
  void extremes_are_found(String table) {
    String least = TEXTS.get(0);
    String greatest = TEXTS.get(149);
    assertThat(DB.query("SELECT MIN(s), MAX(s) FROM " + table))
        .isEqualTo(List.of(List.of(least, greatest)));
    assertThat(DB.query("SELECT MIN(s), MAX(s), COUNT(*) FROM " + table + " WHERE n < 100"))
        .isEqualTo(List.of(List.of(least, TEXTS.get(99), 100L)));
    assertThat(column("SELECT n FROM " + table + " WHERE s = (SELECT MAX(s) FROM plain)"))
        .isEqualTo(List.of(149));
    assertThat(column("SELECT n FROM " + table + " WHERE s >= ALL (SELECT s FROM plain)"))
        .isEqualTo(List.of(149));
    assertThat(column("SELECT MAX(GREATEST(s, CAST(? AS VARCHAR))) FROM " + table, TEXTS.get(80)))
        .isEqualTo(List.of(greatest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "indexed", "keyed"})
  void windows_go_by_it(String table) {
    assertThat(column("SELECT RANK() OVER (ORDER BY s) - 1 FROM " + table + " ORDER BY n"))
        .isEqualTo(numbers(0, 150).stream().map(Long::valueOf).toList());
    assertThat(column("SELECT COUNT(*) OVER (ORDER BY s DESC) FROM " + table + " ORDER BY n DESC"))
        .isEqualTo(numbers(1, 151).stream().map(Long::valueOf).toList());
    assertThat(
            column(
                "SELECT MAX(s) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) FROM "
                    + table
                    + " ORDER BY n"))
        .isEqualTo(TEXTS);
    assertThat(
            column(
                "SELECT LAG(s) OVER (PARTITION BY MOD(n, 1) ORDER BY s, n) FROM "
                    + table
                    + " ORDER BY n OFFSET 1"))
        .isEqualTo(TEXTS.subList(0, 149));
    assertThat(column("SELECT LISTAGG(s, '') WITHIN GROUP (ORDER BY s) FROM " + table))
        .isEqualTo(List.of(String.join("", TEXTS)));
  }

  /** Ranges, as parameters and as literals, whose order the planner goes by as well. */
  @Test
  void ranges_are_the_same_on_every_road() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 6; round++) {
      // At first two that are empty ranges, or not, in one of the orders only.
      String low = round == 0 ? "\uFB01" : round == 1 ? "\uD83D\uDE00" : text(random);
      String high = round == 0 ? "\uD83D\uDE00" : round == 1 ? "\uFB01" : text(random);
      for (String form :
          List.of(
              "s > ? AND s < ?",
              "s BETWEEN ? AND ?",
              "s >= ? AND NOT s > ?",
              "s < ? OR s >= ?",
              "NOT s BETWEEN ? AND ?",
              "s IN (?, ?) OR s < 'b'")) {
        List<Integer> expected = numbers(0, 150);
        expected.removeIf(n -> !holds(form, TEXTS.get(n), low, high));
        String literals =
            form.replaceFirst("\\?", "'" + low + "'").replaceFirst("\\?", "'" + high + "'");
        for (String table : List.of("plain", "indexed", "keyed")) {
          for (String from :
              List.of(
                  "SELECT n FROM %s WHERE %s ORDER BY n",
                  "SELECT MAX(n) FROM %s WHERE %s GROUP BY n ORDER BY 1")) {
            String sql = String.format(Locale.ROOT, from, table, form);
            assertThat(column(sql, low, high))
                .as("%s with %s and %s", sql, low, high)
                .isEqualTo(expected);
            assertThat(column(String.format(Locale.ROOT, from, table, literals)))
                .as("%s with %s", sql, literals)
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  private static boolean holds(String form, String s, String low, String high) {
    int toLow = UTF_8.compare(s, low);
    int toHigh = UTF_8.compare(s, high);
    return switch (form) {
      case "s > ? AND s < ?" -> toLow > 0 && toHigh < 0;
      case "s BETWEEN ? AND ?", "s >= ? AND NOT s > ?" -> toLow >= 0 && toHigh <= 0;
      case "s < ? OR s >= ?" -> toLow < 0 || toHigh >= 0;
      case "NOT s BETWEEN ? AND ?" -> toLow < 0 || toHigh > 0;
      default -> toLow == 0 || toHigh == 0 || UTF_8.compare(s, "b") < 0;
    };
  }

  @Test
  void texts_of_rows_are_compared() {
    assertThat(
            column(
                "SELECT COUNT(*) FROM plain a JOIN indexed b ON a.s < b.s"
                    + " WHERE a.n < b.n OR a.s >= b.s"))
        .isEqualTo(List.of(150L * 149 / 2));
  }

  /** What the planner computes while it plans. */
  @Test
  void constants_are_compared() {
    String beyond = "'\uD83D\uDE00'";
    String before = "'\uFB01'";
    assertThat(
            DB.text(
                "SELECT "
                    + (before
                        + " < "
                        + beyond
                        + ", UPPER("
                        + before
                        + ") > LOWER("
                        + beyond
                        + "), ")
                    + ("CASE WHEN SUBSTRING("
                        + before
                        + " FROM 1) < TRIM("
                        + beyond
                        + ") THEN 1 END, ")
                    + ("GREATEST(" + before + ", " + beyond + "), COUNT(*) FROM plain")))
        .isEqualTo("true|false|1|\uD83D\uDE00|150");
    assertThat(column("SELECT n FROM plain WHERE n = 3 AND UPPER(" + before + ") > " + beyond))
        .isEmpty();
  }
}
