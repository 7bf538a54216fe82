package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns, parameters and results of type ARRAY. */
final class ArrayTest {
  private final TestDatabase db = new TestDatabase();

  private static void assertFails(State state, String message, Runnable statement) {
    assertThatThrownBy(statement::run)
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state))
        .hasMessageContaining(message);
  }

  private @Nullable Object one(String sql, @Nullable Object... parameters) {
    List<List<@Nullable Object>> rows = db.query(sql, parameters);
    assertThat(rows).hasSize(1);
    return rows.get(0).get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "ARRAY[1, 2, NULL]~[1, 2, null]",
        "ARRAY['a', 'b']~[a, b]",
        "ARRAY[1.5, 2]~[1.5, 2.0]",
        "ARRAY[DATE '2020-02-29', NULL]~[2020-02-29, null]",
        "ARRAY[ARRAY[1, 2], ARRAY[3]]~[[1, 2], [3]]",
        "ARRAY(SELECT x FROM (VALUES 3, 1, 2) AS v (x) ORDER BY x)~[1, 2, 3]",
        "CARDINALITY(ARRAY[1, NULL])~2",
        "ARRAY[10, 20][2]~20",
        "ARRAY[1, 2] || ARRAY[3]~[1, 2, 3]",
        "ARRAY[1, 2] = ARRAY[1, 2]~true",
        "ARRAY[1, 2] <> ARRAY[1, 2]~false",
        "ARRAY[1, NULL] = ARRAY[1, NULL]~true",
        "ARRAY[1, 2] < ARRAY[1, 3]~true",
        "ARRAY[1, 2] < ARRAY[1]~false",
        "ARRAY['a'] <= ARRAY['B']~false",
        "2 = ANY (ARRAY[1, 2])~true",
        "4 = ANY (ARRAY[1, 2])~false",
        "2 <> ALL (ARRAY[1, 2])~false",
        "CAST(NULL AS INTEGER ARRAY)~null",
        "CAST(ARRAY['1', '2'] AS INTEGER ARRAY)~[1, 2]",
      })
  void expressions(String expression, String expected) {
    assertThat(String.valueOf(one("SELECT " + expression))).isEqualTo(expected);
    db.execute("CREATE TABLE one (x INTEGER)");
    db.execute("INSERT INTO one VALUES (1)");
    assertThat(String.valueOf(one("SELECT " + expression + " FROM one GROUP BY x")))
        .isEqualTo(expected);
  }

  @Test
  void an_index_that_is_not_there_gives_null() {
    db.execute("CREATE TABLE a (v INTEGER ARRAY)");
    db.execute("INSERT INTO a VALUES (?)", List.of(7));
    assertThat(db.text("SELECT v[1], v[2], v[0], v[-1] FROM a")).isEqualTo("7|null|null|null");
  }

  @Test
  void aggregates_and_unnest() {
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, g INTEGER, v VARCHAR(5))");
    db.execute("INSERT INTO t VALUES (1, 1, 'a'), (2, 1, NULL), (3, 2, 'c')");
    assertThat(db.text("SELECT g, ARRAY_AGG(v ORDER BY id) FROM t GROUP BY g ORDER BY g"))
        .isEqualTo("1|[a]\n2|[c]");
    // As Calcite has it; PostgreSQL keeps NULLs, and has NULL for no rows.
    assertThat(db.text("SELECT ARRAY_AGG(id) FROM t WHERE id > 5")).isEqualTo("[]");
    assertThat(db.text("SELECT * FROM UNNEST(ARRAY[5, NULL, 6]) AS u (x)")).isEqualTo("5\nnull\n6");
    assertThat(db.text("SELECT * FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS u (x, n)"))
        .isEqualTo("a|1\nb|2");
    assertThat(
            db.text(
                "SELECT n, x FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS u (x, n) WHERE n = 2"))
        .isEqualTo("2|b");
    Plan.Query query = (Plan.Query) db.plan("SELECT ARRAY_AGG(v) FROM t");
    assertThat(query.columns().get(0).type())
        .isEqualTo(SqlType.array(new SqlType(Name.VARCHAR, 5, 0), SqlType.UNBOUNDED));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void each_type_is_kept(boolean bySelect) {
    List<Object> values =
        List.of(
            Arrays.asList(true, null, false),
            List.of((byte) -128, (byte) 127),
            List.of((short) 300),
            List.of(Integer.MIN_VALUE, 0),
            List.of(Long.MAX_VALUE),
            Arrays.asList(new BigDecimal("1.50"), null),
            List.of(1.5f),
            List.of(2.5, Double.NEGATIVE_INFINITY),
            List.of("", "\uD83D\uDE00", "a"),
            List.of(LocalDate.of(1969, 12, 31)),
            List.of(new UUID(1, 2)),
            List.of(List.of(1, 2), List.of()));
    String[] types = {
      "BOOLEAN",
      "TINYINT",
      "SMALLINT",
      "INTEGER",
      "BIGINT",
      "DECIMAL(5, 2)",
      "REAL",
      "DOUBLE",
      "VARCHAR(3)",
      "DATE",
      "UUID",
      "INTEGER ARRAY"
    };
    for (int i = 0; i < types.length; i++) {
      String table = "k" + i;
      db.execute("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, v " + types[i] + " ARRAY)");
      db.execute("INSERT INTO " + table + " VALUES (1, ?)", values.get(i));
      db.execute("INSERT INTO " + table + " VALUES (2, ?), (3, NULL)", List.of());
      if (bySelect) {
        db.execute("INSERT INTO " + table + " SELECT id + 3, v FROM " + table);
        db.execute("DELETE FROM " + table + " WHERE id <= 3");
      }
      assertThat(db.query("SELECT v FROM " + table + " WHERE id IN (1, 4)").get(0).get(0))
          .as(types[i])
          .isEqualTo(values.get(i));
      assertThat(db.query("SELECT v FROM " + table + " GROUP BY id, v ORDER BY id"))
          .as(types[i])
          .isEqualTo(
              List.of(
                  List.of(values.get(i)),
                  List.of(List.of()),
                  java.util.Collections.singletonList(null)));
      assertThat(one("SELECT COUNT(*) FROM " + table + " WHERE v = ?", values.get(i)))
          .isEqualTo(1L);
    }
  }

  @Test
  void bytes_are_kept() {
    db.execute("CREATE TABLE b (v VARBINARY(3) ARRAY)");
    db.execute("INSERT INTO b VALUES (?)", Arrays.asList(new byte[] {1, -1}, null));
    db.execute("INSERT INTO b SELECT v FROM b");
    for (List<@Nullable Object> row : db.query("SELECT v FROM b")) {
      List<?> array = (List<?>) row.get(0);
      assertThat((byte[]) array.get(0)).containsExactly(1, -1);
      assertThat(array.get(1)).isNull();
    }
  }

  @Test
  void they_are_sorted_grouped_and_joined() {
    db.execute("CREATE TABLE s (n INTEGER, v INTEGER ARRAY)");
    List<@Nullable List<@Nullable Integer>> sorted =
        Arrays.asList(
            List.of(), List.of(1), Arrays.asList(1, 2), Arrays.asList(1, null), List.of(2), null);
    for (int n : new int[] {3, 1, 5, 0, 4, 2}) {
      db.execute("INSERT INTO s VALUES (?, ?)", n, sorted.get(n));
    }
    assertThat(db.text("SELECT n FROM s ORDER BY v")).isEqualTo("0\n1\n2\n3\n4\n5");
    assertThat(db.text("SELECT n FROM s ORDER BY v DESC, n")).isEqualTo("5\n4\n3\n2\n1\n0");
    assertThat(db.text("SELECT MAX(n) FROM s GROUP BY v ORDER BY v")).isEqualTo("0\n1\n2\n3\n4\n5");
    db.execute("INSERT INTO s SELECT n + 10, v FROM s");
    assertThat(db.text("SELECT COUNT(*) FROM (SELECT DISTINCT v FROM s) AS x")).isEqualTo("6");
    assertThat(db.text("SELECT COUNT(*) FROM s a JOIN s b ON a.v = b.v")).isEqualTo("20");
    assertThat(db.text("SELECT n FROM s WHERE v > ? AND v < ? ORDER BY n", List.of(1), List.of(2)))
        .isEqualTo("2\n3\n12\n13");
    assertThat(db.text("SELECT n FROM s WHERE 2 = ANY (v) ORDER BY n")).isEqualTo("2\n4\n12\n14");
    assertThat(db.text("SELECT s.n, u.x FROM s, UNNEST(s.v) AS u (x) WHERE s.n < 5 ORDER BY 1, 2"))
        .isEqualTo("1|1\n2|1\n2|2\n3|1\n3|null\n4|2");
  }

  @Test
  void definitions() {
    db.execute(
        "CREATE TABLE d (id INTEGER PRIMARY KEY, v INTEGER ARRAY[2] DEFAULT ARRAY[1, 2] CHECK"
            + " (CARDINALITY(v) > 0))");
    db.execute("INSERT INTO d (id) VALUES (1)");
    assertThat(db.text("SELECT v FROM d")).isEqualTo("[1, 2]");
    assertFails(
        State.STRING_TOO_LONG, "3 elements", () -> db.execute("UPDATE d SET v = ARRAY[1, 2, 3]"));
    assertFails(
        State.STRING_TOO_LONG,
        "3 elements",
        () -> db.execute("UPDATE d SET v = ?", List.of(1, 2, 3)));
    assertFails(
        State.CHECK_VIOLATION, "D_V_CHECK", () -> db.execute("UPDATE d SET v = ?", List.of()));
    assertFails(State.INVALID_TABLE, "no key", () -> db.execute("CREATE INDEX i ON d (v)"));
    assertFails(State.NOT_SUPPORTED, "", () -> db.execute("CREATE TABLE e (v JSON ARRAY)"));
    assertFails(State.NOT_SUPPORTED, "", () -> db.execute("CREATE TABLE e (v BLOB ARRAY)"));
    assertFails(State.NOT_SUPPORTED, "", () -> db.execute("CREATE TABLE e (v INTEGER MULTISET)"));
    db.execute("CREATE TABLE e (v INTEGER[], w VARCHAR(3)[2])");
    assertThat(
            db.text(
                "SELECT DATA_TYPE, COLUMN_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME ="
                    + " 'E' ORDER BY ORDINAL_POSITION"))
        .isEqualTo("ARRAY|INTEGER ARRAY\nARRAY|VARCHAR(3) ARRAY[2]");
    assertFails(
        State.STRING_TOO_LONG,
        "VARCHAR(3)",
        () -> db.execute("INSERT INTO e VALUES (NULL, ?)", List.of("long")));
    db.execute("ALTER TABLE d ALTER COLUMN v TYPE INTEGER ARRAY");
    db.execute("INSERT INTO e VALUES (ARRAY[1, NULL], ARRAY['a']), (NULL, NULL)");
    db.execute("INSERT INTO e VALUES (ARRAY(SELECT id FROM d), ARRAY['b', 'c'])");
    assertThat(db.text("SELECT v, w FROM e ORDER BY w"))
        .isEqualTo("[1, null]|[a]\n[1]|[b, c]\nnull|null");
    db.execute("UPDATE d SET v = v || ARRAY[3]");
    assertThat(db.text("SELECT v FROM d")).isEqualTo("[1, 2, 3]");
    db.execute("ALTER TABLE d ALTER COLUMN v TYPE BIGINT ARRAY");
    assertThat(one("SELECT v FROM d")).isEqualTo(List.of(1L, 2L, 3L));
    assertFails(
        State.TYPE_MISMATCH, "", () -> db.execute("ALTER TABLE d ALTER COLUMN v TYPE VARCHAR"));
    db.execute("CREATE VIEW w AS SELECT v FROM d");
    assertThat(one("SELECT v[2] FROM w")).isEqualTo(2L);
    db.execute("CREATE TABLE f AS SELECT v FROM d");
    db.execute("ANALYZE f");
    assertThat(one("SELECT v FROM f")).isEqualTo(List.of(1L, 2L, 3L));
    db.execute(
        "INSERT INTO d VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v", List.of(9));
    assertThat(one("SELECT v FROM d")).isEqualTo(List.of(9L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT MAP['a', 1]",
        "SELECT MULTISET[1, 2]",
        "SELECT COLLECT(x) FROM (VALUES 1) AS v (x)",
      })
  void what_is_no_result_is_refused(String sql) {
    assertFails(State.NOT_SUPPORTED, "not supported", () -> db.query(sql));
  }

  @Test
  void a_parameter_must_be_an_array() {
    db.execute("CREATE TABLE p (v INTEGER ARRAY)");
    assertFails(State.TYPE_MISMATCH, "", () -> db.execute("INSERT INTO p VALUES (?)", 1));
    assertFails(State.INVALID_TEXT, "", () -> db.execute("INSERT INTO p VALUES (?)", List.of("x")));
    assertFails(
        State.OUT_OF_MEMORY,
        "",
        () -> {
          db.execute("INSERT INTO p VALUES (?)", java.util.Collections.nCopies(1_000, 7));
          db.memoryBytesMax(10_000);
          db.query("SELECT v, COUNT(*) FROM p GROUP BY v ORDER BY 2");
        });
  }
}
