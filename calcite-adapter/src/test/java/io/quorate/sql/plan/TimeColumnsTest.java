package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.sql.lang.SqlFailure;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns of intervals and of instants: defined, filled, changed, found, converted and told. */
final class TimeColumnsTest {
  private static final OffsetDateTime FINE = OffsetDateTime.parse("2020-01-01T08:00:00.123456789Z");

  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void define() {
    db.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, ym INTERVAL YEAR(3) TO MONTH,"
            + " dt INTERVAL DAY(3) TO SECOND(9) DEFAULT INTERVAL '1' DAY"
            + " CHECK (dt >= INTERVAL '0' SECOND), h INTERVAL HOUR,"
            + " tz TIMESTAMP(9) WITH TIME ZONE DEFAULT TIMESTAMP '2020-01-01 00:00:00+01:00')");
    db.execute("CREATE UNIQUE INDEX t_dt ON t (dt)");
    db.execute("CREATE INDEX t_tz ON t (tz DESC, ym)");
  }

  private void assertState(String sqlState, String sql, Object... parameters) {
    assertThatExceptionOfType(SqlFailure.class)
        .as(sql)
        .isThrownBy(() -> db.execute(sql, parameters))
        .satisfies(e -> assertThat(e.state().sqlState()).as(e.getMessage()).isEqualTo(sqlState));
  }

  @Test
  void values_come_back_as_they_were_put() {
    OffsetDateTime there = FINE.withOffsetSameInstant(ZoneOffset.ofHours(5));
    db.execute(
        "INSERT INTO t VALUES (1, ?, ?, ?, ?)",
        Period.ofMonths(-18),
        Duration.ofNanos(1),
        Duration.ofHours(5),
        there);
    assertThat(db.query("SELECT ym, dt, h, tz FROM t").get(0))
        .containsExactly(Period.of(-1, -6, 0), Duration.ofNanos(1), Duration.ofHours(5), FINE);
    assertThat(db.query("SELECT id FROM t WHERE tz = ? AND dt = ?", there, Duration.ofNanos(1)))
        .hasSize(1);
    assertThat(db.query("SELECT id FROM t WHERE tz < ? OR ym < ?", there, Period.ofMonths(-18)))
        .isEmpty();
    db.assertIndexesAgree("T");
  }

  @Test
  void texts_and_defaults_are_taken() {
    db.execute("INSERT INTO t (id, ym, h) VALUES (1, '2-03', '7')");
    assertThat(db.text("SELECT ym, dt, h, tz FROM t"))
        .isEqualTo("P2Y3M|PT24H|PT7H|2019-12-31T23:00Z");
  }

  @Test
  void what_is_less_than_the_last_field_goes() {
    db.execute("INSERT INTO t (id, h) VALUES (1, INTERVAL '-1 06:59:59' DAY TO SECOND)");
    assertThat(db.text("SELECT h FROM t")).isEqualTo("PT-30H");
    db.execute("CREATE TABLE c (tz TIMESTAMP(3) WITH TIME ZONE, s INTERVAL SECOND(2, 1))");
    db.execute("INSERT INTO c VALUES (?, ?)", FINE, Duration.ofMillis(1_290));
    assertThat(db.text("SELECT tz, s FROM c")).isEqualTo("2020-01-01T08:00:00.123Z|PT1.2S");
  }

  @Test
  void what_does_not_fit_is_refused() {
    assertState("22015", "INSERT INTO t (id, dt) VALUES (1, INTERVAL '1000' DAY)");
    assertState("22015", "INSERT INTO t (id, ym) VALUES (1, ?)", Period.ofYears(-1000));
    assertState("22007", "INSERT INTO t (id, dt) VALUES (1, 'bogus')");
    assertState("42804", "INSERT INTO t (id, ym) VALUES (1, INTERVAL '1' DAY)");
    assertState("42804", "INSERT INTO t (id, ym) VALUES (1, ?)", Duration.ofDays(1));
    assertState("42804", "INSERT INTO t (id, dt) VALUES (1, ?)", Period.ofMonths(1));
    assertState("23514", "INSERT INTO t (id, dt) VALUES (1, INTERVAL '-1' DAY)");
    db.execute("INSERT INTO t (id) VALUES (1)");
    assertState("23505", "INSERT INTO t (id) VALUES (2)");
    assertState("0A000", "CREATE TABLE w (v INTERVAL WEEK)");
    assertState("22023", "CREATE TABLE w (v INTERVAL DAY(11))");
    assertState("22023", "CREATE TABLE w (v TIMESTAMP(10) WITH TIME ZONE)");
  }

  /** Coercions of lists ask for types by their names alone. */
  @Test
  void lists_of_intervals_of_other_fields_are_compared() {
    db.execute("INSERT INTO t (id, ym) VALUES (1, INTERVAL '1' YEAR)");
    assertThat(db.text("SELECT id FROM t WHERE ym IN (INTERVAL '12' MONTH, INTERVAL '2' YEAR)"))
        .isEqualTo("1");
    assertThat(
            db.text("SELECT id FROM t WHERE dt IN (INTERVAL '86400.0' SECOND, INTERVAL '2' DAY)"))
        .isEqualTo("1");
  }

  @Test
  void they_are_changed_and_merged() {
    db.execute("INSERT INTO t (id, ym) VALUES (1, INTERVAL '1' YEAR)");
    db.execute("UPDATE t SET dt = dt * 2, tz = tz + INTERVAL '1' MONTH, ym = ym + ym");
    assertThat(db.text("SELECT ym, dt, tz FROM t")).isEqualTo("P2Y|PT48H|2020-01-31T23:00Z");
    db.execute(
        "INSERT INTO t (id, dt) VALUES (9, INTERVAL '2' DAY) ON CONFLICT (dt)"
            + " DO UPDATE SET dt = t.dt + EXCLUDED.dt");
    assertThat(db.text("SELECT id, dt FROM t")).isEqualTo("1|PT96H");
    db.assertIndexesAgree("T");
  }

  @Test
  void they_are_found_by_index_and_joined() {
    for (int i = 1; i <= 200; i++) {
      db.execute(
          "INSERT INTO t VALUES (?, ?, ?, NULL, ?)",
          i,
          Period.ofMonths(i),
          Duration.ofHours(i),
          FINE.plusDays(i));
    }
    db.execute("ANALYZE t");
    assertThat(db.explain("SELECT id FROM t WHERE dt = INTERVAL '7' HOUR")).contains("T_DT");
    assertThat(db.text("SELECT id FROM t WHERE dt = INTERVAL '7' HOUR")).isEqualTo("7");
    String recent = "SELECT id FROM t WHERE tz > TIMESTAMP '2020-07-17 12:00:00+00:00'";
    assertThat(db.explain(recent)).contains("T_TZ");
    assertThat(db.text(recent + " ORDER BY id")).isEqualTo("199\n200");
    assertThat(db.text("SELECT a.id FROM t a JOIN t b ON a.dt = b.dt * 2 WHERE b.id = 50"))
        .isEqualTo("100");
    assertThat(db.text("SELECT MIN(ym), MAX(dt), COUNT(DISTINCT tz) FROM t"))
        .isEqualTo("P1M|PT200H|200");
    assertThat(db.query("SELECT MIN(tz) FROM t").get(0)).containsExactly(FINE.plusDays(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INTERVAL DAY TO SECOND|INTERVAL HOUR|PT26H",
        "INTERVAL DAY TO SECOND|VARCHAR(40)|1 02:03:04",
        "INTERVAL DAY(2) TO SECOND|INTERVAL DAY(5) TO SECOND|PT26H3M4S",
      })
  void types_change(String from, String to, String expected) {
    db.execute("CREATE TABLE c (id INTEGER PRIMARY KEY, v " + from + ")");
    db.execute("INSERT INTO c VALUES (1, INTERVAL '1 02:03:04' DAY TO SECOND), (2, NULL)");
    db.execute("ALTER TABLE c ALTER COLUMN v TYPE " + to);
    assertThat(db.text("SELECT v FROM c ORDER BY id")).isEqualTo(expected + "\nnull");
  }

  @Test
  void times_get_and_lose_their_zones() {
    db.execute("CREATE TABLE c (id INTEGER PRIMARY KEY, v TIMESTAMP(3))");
    db.execute("CREATE UNIQUE INDEX c_v ON c (v)");
    db.execute("INSERT INTO c VALUES (1, TIMESTAMP '2020-01-01 10:00:00')");
    db.execute("ALTER TABLE c ALTER COLUMN v SET DATA TYPE TIMESTAMP WITH TIME ZONE");
    assertThat(db.text("SELECT v FROM c")).isEqualTo("2020-01-01T10:00Z");
    db.assertIndexesAgree("C");
    db.execute("ALTER TABLE c ALTER COLUMN v TYPE TIMESTAMP");
    assertThat(db.text("SELECT v FROM c")).isEqualTo("2020-01-01T10:00");
    assertState("42804", "ALTER TABLE c ALTER COLUMN v TYPE INTERVAL DAY");
  }

  @Test
  void tables_of_queries_and_views_have_them() {
    db.execute("INSERT INTO t (id, ym) VALUES (1, INTERVAL '1' YEAR)");
    db.execute("CREATE VIEW w AS SELECT tz - TIMESTAMP '2020-01-01 00:00:00' AS d FROM t");
    assertThat(db.text("SELECT d FROM w")).isEqualTo("PT-1H");
    db.execute("CREATE TABLE c AS SELECT ym, dt * 2 AS e, tz, d FROM t, w");
    assertThat(db.text("SELECT * FROM c")).isEqualTo("P1Y|PT48H|2019-12-31T23:00Z|PT-1H");
  }

  @Test
  void generated_columns_compute_with_them() {
    db.execute(
        "CREATE TABLE g (a TIMESTAMP, b TIMESTAMP, d INTERVAL DAY TO SECOND(3)"
            + " GENERATED ALWAYS AS (b - a))");
    db.execute(
        "INSERT INTO g (a, b) VALUES (TIMESTAMP '2020-01-01 00:00:00',"
            + " TIMESTAMP '2020-01-02 00:00:01.5')");
    assertThat(db.text("SELECT d FROM g")).isEqualTo("PT24H1.5S");
  }

  @Test
  void the_information_schema_tells_their_types() {
    assertThat(
            db.text(
                "SELECT DATA_TYPE, DATETIME_PRECISION, INTERVAL_TYPE, INTERVAL_PRECISION,"
                    + " COLUMN_TYPE FROM INFORMATION_SCHEMA.COLUMNS"
                    + " WHERE TABLE_NAME = 'T' AND COLUMN_NAME <> 'ID' ORDER BY ORDINAL_POSITION"))
        .isEqualTo(
            """
            INTERVAL|0|YEAR TO MONTH|3|INTERVAL YEAR(3) TO MONTH
            INTERVAL|9|DAY TO SECOND|3|INTERVAL DAY(3) TO SECOND(9)
            INTERVAL|0|HOUR|10|INTERVAL HOUR(10)
            TIMESTAMP WITH TIME ZONE|9|null|null|TIMESTAMP(9) WITH TIME ZONE\
            """);
  }
}
