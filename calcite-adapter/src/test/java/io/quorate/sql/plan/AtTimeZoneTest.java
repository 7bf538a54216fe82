package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AT TIME ZONE: by short plans and by generated code the same. */
final class AtTimeZoneTest {
  private static final TestDatabase DB = new TestDatabase();
  private static final LocalDateTime FINE = LocalDateTime.parse("2020-07-15T12:00:00.123456789");

  @BeforeAll
  static void fill() {
    DB.execute("CREATE TABLE one (x INTEGER)");
    DB.execute("INSERT INTO one VALUES (1)");
    DB.execute(
        "CREATE TABLE v (n INTEGER PRIMARY KEY, ts TIMESTAMP(9), tz TIMESTAMP(9) WITH TIME ZONE,"
            + " zone VARCHAR(40), padded CHAR(20), off INTERVAL HOUR TO MINUTE, d DATE, t TIME)");
    DB.execute("CREATE INDEX by_tz ON v (tz)");
    DB.execute(
        "INSERT INTO v VALUES (1, ?, ?, 'Europe/Berlin', 'Asia/Tokyo',"
            + " INTERVAL '-05:30' HOUR TO MINUTE, DATE '2020-01-01', TIME '10:00:00')",
        FINE,
        FINE.atOffset(ZoneOffset.UTC));
    DB.execute("INSERT INTO v (n) VALUES (2)");
  }

  private static String compiled(String expression, String rows) {
    String sql = "SELECT MAX(x.v) FROM (SELECT " + expression + " AS v FROM " + rows + ") x, one";
    assertThat(((Plan.Query) DB.plan(sql)).isGenerated()).as(sql).isTrue();
    return sql;
  }

  private static String plain(String expression, String rows) {
    String sql = "SELECT " + expression + " AS v FROM " + rows;
    assertThat(((Plan.Query) DB.plan(sql)).isGenerated()).as(sql).isFalse();
    return sql;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // Of PostgreSQL's manual, 9.9.4.
        "TIMESTAMP '2001-02-16 20:38:40' AT TIME ZONE 'America/Denver'|2001-02-17T03:38:40Z",
        "TIMESTAMP '2001-02-16 20:38:40-05:00' AT TIME ZONE 'America/Denver'|2001-02-16T18:38:40",
        "TIMESTAMP '2001-02-16 20:38:40' AT TIME ZONE 'Asia/Tokyo' AT TIME ZONE 'America/Chicago'"
            + "|2001-02-16T05:38:40",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE 'Europe/Berlin'|2020-01-15T11:00Z",
        "TIMESTAMP '2020-07-15 12:00:00' AT TIME ZONE 'Europe/Berlin'|2020-07-15T10:00Z",
        "TIMESTAMP '2020-01-15 12:00:00+00:00' AT TIME ZONE 'Europe/Berlin'|2020-01-15T13:00",
        "TIMESTAMP '1800-01-01 12:00:00+00:00' AT TIME ZONE 'Europe/Berlin'|1800-01-01T12:53:28",
        // Clocks pass over it: an hour later. They show it twice: the second time.
        "TIMESTAMP '2020-03-29 02:30:00' AT TIME ZONE 'Europe/Berlin'|2020-03-29T01:30Z",
        "TIMESTAMP '2020-03-29 03:00:00' AT TIME ZONE 'Europe/Berlin'|2020-03-29T01:00Z",
        "TIMESTAMP '2020-10-25 02:30:00' AT TIME ZONE 'Europe/Berlin'|2020-10-25T01:30Z",
        "TIMESTAMP '2020-10-25 01:59:59' AT TIME ZONE 'Europe/Berlin'|2020-10-24T23:59:59Z",
        "TIMESTAMP '2020-10-25 00:30:00+00:00' AT TIME ZONE 'Europe/Berlin'|2020-10-25T02:30",
        "TIMESTAMP '2020-10-25 01:30:00+00:00' AT TIME ZONE 'Europe/Berlin'|2020-10-25T02:30",
        "CAST('2020-10-25 02:30 Europe/Berlin' AS TIMESTAMPTZ)|2020-10-25T01:30Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE '+02:00'|2020-01-15T10:00Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE '-05'|2020-01-15T17:00Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE '+0530'|2020-01-15T06:30Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE '+18:00'|2020-01-14T18:00Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE 'utc'|2020-01-15T12:00Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE 'z'|2020-01-15T12:00Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE ' eUROPE/bERLIN '|2020-01-15T11:00Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE INTERVAL '02:30' HOUR TO MINUTE"
            + "|2020-01-15T09:30Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE INTERVAL '-02:30' HOUR TO MINUTE"
            + "|2020-01-15T14:30Z",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE -INTERVAL '2' HOUR|2020-01-15T14:00Z",
        "TIMESTAMP '2020-01-15 12:00:00+00:00' AT TIME ZONE INTERVAL '02:30' HOUR TO MINUTE"
            + "|2020-01-15T14:30",
        "TIMESTAMP '2020-01-15 12:00:00' AT LOCAL|2020-01-15T12:00Z",
        "TIMESTAMP '2020-01-15 12:00:00+02:00' AT LOCAL|2020-01-15T10:00",
        "TIMESTAMP '0001-01-01 00:00:00' AT TIME ZONE '+02:00'|0000-12-31T22:00Z",
        // It comes before any arithmetic.
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE 'Europe/Berlin'"
            + " - TIMESTAMP '2020-01-15 10:00:00+00:00'|PT1H",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE '+01:00' + INTERVAL '1' DAY"
            + "|2020-01-16T11:00Z",
        "CASE WHEN TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE '+01:00'"
            + " = TIMESTAMP '2020-01-15 11:00:00+00:00' THEN 1 ELSE 2 END|1",
        "CAST(TIMESTAMP '2020-07-15 20:00:00+00:00' AT TIME ZONE 'Asia/Tokyo' AS DATE)|2020-07-16",
        "CAST(NULL AS TIMESTAMP) AT TIME ZONE 'UTC'|null",
        "CAST(NULL AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'UTC'|null",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE CAST(NULL AS VARCHAR)|null",
        "TIMESTAMP '2020-01-15 12:00:00' AT TIME ZONE NULL|null",
        "NULL AT TIME ZONE 'UTC'|null",
        "CAST(NULL AS TIMESTAMP) AT LOCAL|null",
      })
  void constants(String expression, String expected) {
    assertThat(DB.text(plain(expression, "one"))).as(expression).isEqualTo(expected);
    assertThat(DB.text(compiled(expression, "one"))).as(expression).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ts AT TIME ZONE zone, 2020-07-15T10:00:00.123456789Z",
    "ts AT TIME ZONE padded, 2020-07-15T03:00:00.123456789Z",
    "ts AT TIME ZONE off, 2020-07-15T17:30:00.123456789Z",
    "tz AT TIME ZONE zone, 2020-07-15T14:00:00.123456789",
    "tz AT TIME ZONE padded, 2020-07-15T21:00:00.123456789",
    "tz AT TIME ZONE off, 2020-07-15T06:30:00.123456789",
    "tz AT LOCAL, 2020-07-15T12:00:00.123456789",
    "ts AT TIME ZONE zone AT TIME ZONE padded, 2020-07-15T19:00:00.123456789",
  })
  void columns_keep_nanoseconds_in_short_plans(String expression, String expected) {
    assertThat(DB.text(plain(expression, "v WHERE n = 1"))).isEqualTo(expected);
    assertThat(DB.text(compiled(expression, "v")))
        .isEqualTo(expected.replace(".123456789", ".123"));
    assertThat(DB.text(plain(expression, "v WHERE n = 2"))).isEqualTo("null");
    assertThat(DB.text(compiled(expression, "v WHERE n = 2"))).isEqualTo("null");
  }

  @Test
  void types_keep_the_digits() {
    Plan.Query plan =
        (Plan.Query)
            DB.plan(
                "SELECT ts AT TIME ZONE 'UTC', tz AT TIME ZONE zone,"
                    + " CAST(ts AS TIMESTAMP(3)) AT LOCAL FROM v");
    assertThat(plan.columns().get(0).type())
        .isEqualTo(new SqlType(SqlType.Name.TIMESTAMP_TZ, 9, 0));
    assertThat(plan.columns().get(1).type()).isEqualTo(new SqlType(SqlType.Name.TIMESTAMP, 9, 0));
    assertThat(plan.columns().get(2).type())
        .isEqualTo(new SqlType(SqlType.Name.TIMESTAMP_TZ, 3, 0));
  }

  @Test
  void parameters_are_instants_and_texts() {
    OffsetDateTime instant = FINE.atOffset(ZoneOffset.ofHours(2));
    for (String sql :
        List.of(
            "SELECT ? AT TIME ZONE ? FROM one",
            "SELECT MAX(x.v) FROM (SELECT ? AT TIME ZONE ? AS v FROM one) AS x, one")) {
      String local = DB.text(sql, instant, "Asia/Tokyo");
      assertThat(local).startsWith("2020-07-15T19:00:00.123");
      assertThat(DB.query(sql, null, "UTC")).isEqualTo(List.of(Arrays.asList((Object) null)));
      assertThat(DB.query(sql, instant, null)).isEqualTo(List.of(Arrays.asList((Object) null)));
    }
    assertThat(DB.text("SELECT ts AT TIME ZONE ? FROM v WHERE n = 1", "Asia/Tokyo"))
        .isEqualTo("2020-07-15T03:00:00.123456789Z");
    assertThat(DB.text("SELECT CAST(? AS TIMESTAMP(9)) AT TIME ZONE 'UTC' FROM one", FINE))
        .isEqualTo("2020-07-15T12:00:00.123456789Z");
    assertThat(
            DB.text(
                "SELECT ts AT TIME ZONE CAST(? AS INTERVAL HOUR TO MINUTE) FROM v WHERE n = 1",
                Duration.ofHours(1)))
        .isEqualTo("2020-07-15T11:00:00.123456789Z");
  }

  private static void assertFails(String state, String sql) {
    assertThatExceptionOfType(SqlFailure.class)
        .as(sql)
        .isThrownBy(() -> DB.query(sql))
        .satisfies(failure -> assertThat(failure.state().sqlState()).as(sql).isEqualTo(state));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'Mars/Olympus'",
        "''",
        "'+19:00'",
        "'+02:75'",
        "'12'",
        "INTERVAL '18:01' HOUR TO MINUTE",
        "INTERVAL '1' DAY",
        "INTERVAL '0.5' SECOND",
        "INTERVAL '9999999' DAY(7)",
      })
  void what_is_no_zone_is_refused(String zone) {
    for (String time : List.of("ts", "tz")) {
      String expression = time + " AT TIME ZONE " + zone;
      assertFails("22023", plain(expression, "v WHERE n = 1"));
      assertFails("22023", compiled(expression, "v WHERE n = 1"));
      assertThat(DB.text(plain(expression, "v WHERE n = 2"))).isEqualTo("null");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42804 | d AT TIME ZONE 'UTC'",
        "42804 | t AT TIME ZONE 'UTC'",
        "42804 | zone AT TIME ZONE 'UTC'",
        "42804 | n AT LOCAL",
        "42804 | ts AT TIME ZONE n",
        "42804 | ts AT TIME ZONE INTERVAL '1' YEAR",
        "42804 | ts + INTERVAL '1' DAY AT TIME ZONE 'UTC'",
        "42601 | ts AT 'UTC'",
        "42601 | ts AT ZONE 'UTC'",
        "42601 | ts AT TIME ZONE",
        "42601 | AT TIME ZONE 'UTC'",
      })
  void what_has_no_zone_is_refused(String state, String expression) {
    assertFails(state, "SELECT " + expression + " FROM v");
  }

  @Test
  void it_stands_where_expressions_do() {
    assertThat(
            DB.text(
                "SELECT n FROM v WHERE ts AT TIME ZONE 'UTC' BETWEEN tz AT LOCAL AT LOCAL AND tz"
                    + " AND tz AT TIME ZONE zone > ts"))
        .isEqualTo("1");
    assertThat(DB.text("SELECT EXTRACT(HOUR FROM tz AT TIME ZONE padded) FROM v WHERE n = 1"))
        .isEqualTo("21");
    String later = "SELECT n FROM v WHERE tz >= TIMESTAMP '2020-07-15 14:00:00' AT TIME ZONE ";
    assertThat(DB.text(later + "'Europe/Berlin'")).isEqualTo("1");
    assertThat(DB.text(later + "'UTC'")).isEmpty();
    String then =
        "SELECT n FROM v WHERE tz = TIMESTAMP '2020-07-15 14:00:00.123456789' AT TIME ZONE ";
    assertThat(DB.text(then + "'Europe/Berlin'")).isEqualTo("1");
    assertThat(DB.text("EXPLAIN " + then + "'UTC'")).contains("index range of index BY_TZ");
    assertThat(
            DB.text(
                "SELECT CAST(tz AT TIME ZONE 'Asia/Tokyo' AS DATE), COUNT(*) FROM v"
                    + " GROUP BY CAST(tz AT TIME ZONE 'Asia/Tokyo' AS DATE) ORDER BY 1"))
        .isEqualTo("2020-07-15|1\nnull|1");
  }

  @Test
  void definitions_have_it() {
    DB.execute(
        "CREATE TABLE g (tz TIMESTAMP WITH TIME ZONE DEFAULT"
            + " TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'Europe/Berlin',"
            + " day DATE GENERATED ALWAYS AS (CAST(tz AT TIME ZONE 'Europe/Berlin' AS DATE)),"
            + " CHECK (tz AT TIME ZONE 'Europe/Berlin' >= TIMESTAMP '2020-01-01 00:00:00'))");
    DB.execute("INSERT INTO g (tz) VALUES (DEFAULT)");
    DB.execute("INSERT INTO g (tz) VALUES (TIMESTAMP '2020-01-01 23:00:00' AT LOCAL)");
    assertThat(DB.text("SELECT tz, day FROM g ORDER BY tz"))
        .isEqualTo("2019-12-31T23:00Z|2020-01-01\n2020-01-01T23:00Z|2020-01-02");
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(
            () -> DB.execute("INSERT INTO g (tz) VALUES (TIMESTAMP '2019-12-31 22:59:59+00:00')"))
        .satisfies(
            failure -> assertThat(failure.state()).isEqualTo(SqlFailure.State.CHECK_VIOLATION));
    DB.execute("UPDATE g SET tz = tz AT TIME ZONE 'Asia/Tokyo' AT TIME ZONE 'Europe/Berlin'");
    assertThat(DB.text("SELECT MIN(tz) FROM g")).isEqualTo("2020-01-01T07:00Z");
    DB.execute("CREATE VIEW w AS SELECT tz AT TIME ZONE 'Asia/Tokyo' AS jst FROM g");
    assertThat(DB.text("SELECT MAX(jst) FROM w")).isEqualTo("2020-01-02T16:00");
  }
}
