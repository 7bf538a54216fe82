package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of type JSON. Each row has the same text in {@code j} and in {@code t}. */
final class JsonTest {
  private static final String DOCUMENT = "{\"b\" : [1, 2.50, null], \"a\":\"x\", \"a\":{}}";

  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void create() {
    db.execute("CREATE TABLE d (id INTEGER PRIMARY KEY, j JSON, t VARCHAR)");
    db.execute("INSERT INTO d VALUES (1, ?, ?)", DOCUMENT, DOCUMENT);
    db.execute("INSERT INTO d VALUES (2, '[10, {\"a\": true}]', '[10, {\"a\": true}]')");
    db.execute("INSERT INTO d VALUES (3, NULL, NULL)");
  }

  private static void assertFails(State state, String message, Runnable statement) {
    assertThatThrownBy(statement::run)
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state))
        .hasMessageContaining(message);
  }

  @Test
  void a_text_is_kept_as_it_was_given() {
    assertThat(db.text("SELECT j FROM d WHERE id = 1")).isEqualTo(DOCUMENT);
    assertThat(db.text("SELECT COUNT(*) FROM d a JOIN d b ON CAST(a.j AS VARCHAR) = b.t"))
        .isEqualTo("2");
    Plan.Query query = (Plan.Query) db.plan("SELECT j FROM d");
    assertThat(query.columns().get(0).type()).isEqualTo(SqlType.of(SqlType.Name.JSON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        " false ",
        "0",
        "-0.5e+10",
        "1E5",
        "\"\"",
        "\"\\u00e4\\n\\\"\"",
        "[]",
        "{}",
        "[[], {}, [{}]]",
        "\t{\"a\":\n{\"b\" : [1,2]}\r}",
        "\"\uD83D\uDE00\"",
        "123456789012345678901"
      })
  void a_json_is_taken(String json) {
    db.execute("UPDATE d SET j = ? WHERE id = 3", json);
    assertThat(db.query("SELECT j, j IS JSON FROM d WHERE id = 3").get(0))
        .containsExactly(json, true);
    assertThat(db.query("SELECT CAST(CAST(? AS JSON) AS VARCHAR)", json).get(0))
        .containsExactly(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nulls",
        "True",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "0x1",
        "NaN",
        "\"",
        "\"a",
        "'a'",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{",
        "{]",
        "{1:2}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "1 2",
        "[]]",
        "{}{",
        "\u00a01",
        "1/*c*/"
      })
  void what_is_no_json_is_refused(String text) {
    assertFails(
        State.INVALID_TEXT,
        "invalid input for type JSON",
        () -> db.execute("UPDATE d SET j = ? WHERE id = 3", text));
    assertFails(
        State.INVALID_TEXT,
        "invalid input for type JSON",
        () -> db.query("SELECT CAST(? AS JSON)", text));
    db.execute("UPDATE d SET t = ? WHERE id = 3", text);
    assertFails(
        State.INVALID_TEXT,
        "invalid input for type JSON",
        () -> db.query("SELECT COUNT(CAST(t AS JSON)) FROM d GROUP BY t"));
    assertThat(db.text("SELECT j FROM d WHERE id = 3")).isEqualTo("null");
  }

  @Test
  void nesting_has_a_bound() {
    db.execute("UPDATE d SET j = ? WHERE id = 3", "[".repeat(1_000) + "]".repeat(1_000));
    assertThat(db.text("SELECT j IS JSON ARRAY FROM d WHERE id = 3")).isEqualTo("true");
    String deep = "{\"a\":".repeat(200_000);
    assertFails(
        State.LIMIT_EXCEEDED, "nested", () -> db.execute("UPDATE d SET j = ? WHERE id = 3", deep));
  }

  @Test
  void literals_and_casts() {
    assertThat(db.text("SELECT JSON '[1]', CAST('{}' AS JSON), CAST(NULL AS JSON)"))
        .isEqualTo("[1]|{}|null");
    assertThat(
            db.text(
                "SELECT CAST(JSON '[1, 2]' AS VARCHAR(3)), CAST(j AS CHAR(2)) FROM d WHERE id = 2"))
        .isEqualTo("[1,|[1");
    assertThat(db.text("SELECT CAST(j AS JSON) FROM d WHERE id = 1")).isEqualTo(DOCUMENT);
    assertFails(State.INVALID_TEXT, "JSON", () -> db.query("SELECT JSON '{'"));
    assertFails(State.TYPE_MISMATCH, "", () -> db.query("SELECT CAST(1 AS JSON)"));
    assertFails(State.TYPE_MISMATCH, "", () -> db.query("SELECT CAST(j AS INTEGER) FROM d"));
    // JSON goes on being a name.
    assertThat(db.text("SELECT json FROM (SELECT 1 AS json) AS x")).isEqualTo("1");
  }

  @Test
  void functions_of_json_take_it_as_they_take_text() {
    for (String c : new String[] {"j", "t"}) {
      String all =
          "SELECT JSON_VALUE(c, '$[0]'), JSON_QUERY(c, '$[1]'), JSON_EXISTS(c, '$[1].a'), c IS"
              + " JSON, c IS JSON ARRAY, c IS JSON OBJECT, c IS NOT JSON SCALAR, JSON_VALUE(c,"
              + " '$[0]' RETURNING INTEGER) + 1, JSON_TYPE(c), JSON_LENGTH(c) FROM d WHERE id = 2";
      assertThat(db.text(all.replaceAll("\\bc\\b", c)))
          .as(c)
          .isEqualTo("10|{\"a\":true}|true|true|true|false|true|11|ARRAY|2");
    }
    assertThat(
            db.text("SELECT id FROM d WHERE JSON_VALUE(j, '$.b[1]' RETURNING DECIMAL(5, 2)) = 2.5"))
        .isEqualTo("1");
    assertThat(db.text("SELECT JSON_VALUE(j, '$.x'), j IS JSON FROM d WHERE id = 3"))
        .isEqualTo("null|null");
  }

  @Test
  void a_json_becomes_a_part_of_a_json() {
    assertThat(
            db.text(
                "SELECT JSON_OBJECT('j': j), JSON_OBJECT('t': t), JSON_ARRAY(j, t) FROM d WHERE id"
                    + " = 2"))
        .isEqualTo(
            "{\"j\":[10,{\"a\":true}]}|{\"t\":\"[10, {\\\"a\\\": true}]\"}"
                + "|[[10,{\"a\":true}],\"[10, {\\\"a\\\": true}]\"]");
    assertThat(db.text("SELECT JSON_ARRAYAGG(j), JSON_OBJECTAGG('k': j) FROM d WHERE id = 2"))
        .isEqualTo("[[10,{\"a\":true}]]|{\"k\":[10,{\"a\":true}]}");
    assertThat(
            db.text(
                "SELECT (SELECT JSON_ARRAYAGG(x.j) FROM d x WHERE x.id = d.id) FROM d WHERE id ="
                    + " 2"))
        .isEqualTo("[[10,{\"a\":true}]]");
    db.execute("UPDATE d SET j = JSON_OBJECT('old': j) WHERE id = 2");
    assertThat(db.text("SELECT j FROM d WHERE id = 2")).isEqualTo("{\"old\":[10,{\"a\":true}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM d WHERE j = j",
        "SELECT id FROM d WHERE j = '[]'",
        "SELECT id FROM d WHERE j <> JSON '[]'",
        "SELECT id FROM d WHERE j < '[]'",
        "SELECT id FROM d WHERE j IN ('[]', '{}')",
        "SELECT id FROM d WHERE j IN (SELECT j FROM d)",
        "SELECT id FROM d WHERE j BETWEEN '[]' AND '{}'",
        "SELECT id FROM d WHERE j IS DISTINCT FROM JSON '[]'",
        "SELECT id FROM d WHERE j LIKE '%'",
        "SELECT NULLIF(j, JSON '1') FROM d",
        "SELECT a.id FROM d a JOIN d b USING (j)",
        "SELECT a.id FROM d a JOIN d b ON a.j = b.j",
        "SELECT id FROM d ORDER BY j",
        "SELECT DISTINCT j FROM d",
        "SELECT j FROM d GROUP BY j",
        "SELECT MAX(j) FROM d",
        "SELECT COUNT(DISTINCT j) FROM d",
        "SELECT j FROM d UNION SELECT j FROM d",
        "SELECT ROW_NUMBER() OVER (PARTITION BY j) FROM d",
        "SELECT UPPER(j) FROM d",
        "SELECT j || '' FROM d",
      })
  void it_has_no_equality_and_no_order(String sql) {
    assertFails(State.TYPE_MISMATCH, "", () -> db.query(sql));
  }

  @Test
  void it_is_carried() {
    assertThat(db.text("SELECT COUNT(*), COUNT(j) FROM d")).isEqualTo("3|2");
    assertThat(
            db.text(
                "SELECT COALESCE(j, JSON '0'), OCTET_LENGTH(j) FROM d WHERE id > 1 ORDER BY id"))
        .isEqualTo("[10, {\"a\": true}]|17\n0|null");
    assertThat(
            db.text(
                "SELECT CASE WHEN id = 2 THEN j END FROM d WHERE id = 2 UNION ALL SELECT JSON '1'"))
        .isEqualTo("[10, {\"a\": true}]\n1");
    assertThat(db.text("SELECT a.j FROM d a JOIN d b ON a.id = b.id + 1 WHERE a.j IS NOT NULL"))
        .isEqualTo("[10, {\"a\": true}]");
    assertThat(db.text("SELECT (SELECT j FROM d WHERE id = 2), MAX(id) FROM d"))
        .isEqualTo("[10, {\"a\": true}]|3");
  }

  @Test
  void definitions() {
    assertFails(
        State.INVALID_TABLE,
        "can be in no key",
        () -> db.execute("CREATE TABLE k (j JSON PRIMARY KEY)"));
    assertFails(
        State.INVALID_TABLE, "can be in no key", () -> db.execute("CREATE INDEX i ON d (j)"));
    db.execute(
        "CREATE TABLE e (id INTEGER PRIMARY KEY, j JSON DEFAULT '{\"n\": 1}' NOT NULL CHECK (j IS"
            + " JSON OBJECT), n INTEGER GENERATED ALWAYS AS (JSON_VALUE(j, '$.n' RETURNING"
            + " INTEGER)))");
    db.execute("INSERT INTO e (id) VALUES (1)");
    db.execute("INSERT INTO e (id, j) VALUES (2, '{\"n\": 2}')");
    assertThat(db.text("SELECT j, n FROM e ORDER BY id")).isEqualTo("{\"n\": 1}|1\n{\"n\": 2}|2");
    assertFails(
        State.CHECK_VIOLATION,
        "E_J_CHECK",
        () -> db.execute("INSERT INTO e (id, j) VALUES (3, '[]')"));
    db.execute(
        "INSERT INTO e (id, j) VALUES (2, '{\"n\": 5}') ON CONFLICT (id) DO UPDATE SET j ="
            + " EXCLUDED.j");
    db.execute(
        "MERGE INTO e USING d ON e.id = d.id AND d.id = 2 WHEN MATCHED THEN UPDATE SET j = ?",
        "{\"n\": 7}");
    assertThat(db.text("SELECT n FROM e ORDER BY id")).isEqualTo("1\n7");
    db.execute("ALTER TABLE d ADD COLUMN k JSON DEFAULT '[0]'");
    assertThat(db.text("SELECT DISTINCT CAST(k AS VARCHAR) FROM d")).isEqualTo("[0]");
    db.execute("ANALYZE d");
    db.execute("CREATE TABLE f AS SELECT j, JSON '1' AS one FROM d");
    assertThat(db.text("SELECT one FROM f WHERE JSON_VALUE(j, '$[0]') = '10'")).isEqualTo("1");
    assertThat(
            db.text(
                "SELECT DATA_TYPE, COLUMN_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE COLUMN_NAME ="
                    + " 'J' AND TABLE_NAME = 'D'"))
        .isEqualTo("JSON|JSON");
  }

  @Test
  void text_becomes_json_and_back() {
    assertFails(
        State.INVALID_TEXT,
        "JSON",
        () -> {
          db.execute("INSERT INTO d VALUES (4, NULL, 'none')");
          db.execute("ALTER TABLE d ALTER COLUMN t TYPE JSON");
        });
    db.execute("DELETE FROM d WHERE id = 4");
    db.execute("ALTER TABLE d ALTER COLUMN t TYPE JSON");
    db.execute("ALTER TABLE d ALTER COLUMN j TYPE VARCHAR");
    assertThat(db.text("SELECT j, t FROM d WHERE id = 1 AND j = CAST(t AS VARCHAR)"))
        .isEqualTo(DOCUMENT + "|" + DOCUMENT);
    db.execute("CREATE TABLE s (j JSON)");
    db.execute("INSERT INTO s SELECT t FROM d");
    assertFails(State.TYPE_MISMATCH, "", () -> db.execute("INSERT INTO s SELECT id FROM d"));
  }
}
