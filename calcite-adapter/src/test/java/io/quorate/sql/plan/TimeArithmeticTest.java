package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is computed of dates, times and intervals: by short plans and by generated code the same, of
 * constants and of columns.
 */
final class TimeArithmeticTest {
  private static final TestDatabase DB = new TestDatabase();

  @BeforeAll
  static void fill() {
    DB.execute("CREATE TABLE one (x INTEGER)");
    DB.execute("INSERT INTO one VALUES (1)");
    DB.execute(
        "CREATE TABLE v (d DATE, t TIME(3), ts TIMESTAMP(3), tz TIMESTAMP(3) WITH TIME ZONE,"
            + " ym INTERVAL YEAR TO MONTH, dt INTERVAL DAY TO SECOND(3), n INTEGER)");
    DB.execute("INSERT INTO v VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    DB.execute(
        "INSERT INTO v VALUES (DATE '2020-01-31', TIME '10:00:00', TIMESTAMP '2020-01-31 10:00:00',"
            + " TIMESTAMP '2020-01-31 12:00:00+02:00', INTERVAL '1-6' YEAR TO MONTH,"
            + " INTERVAL '1 02:03:04.567' DAY TO SECOND, 3)");
  }

  private static void assertBoth(String expression, String rows, String expected) {
    String inner = "SELECT " + expression + " AS v FROM " + rows;
    String compiled = "SELECT MAX(x.v) FROM (" + inner + ") AS x, one";
    assertThat(((Plan.Query) DB.plan(inner)).isGenerated()).as(inner).isFalse();
    assertThat(((Plan.Query) DB.plan(compiled)).isGenerated()).as(compiled).isTrue();
    assertThat(DB.text(inner)).as(inner).isEqualTo(expected);
    assertThat(DB.text(compiled)).as(compiled).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "DATE '2020-03-01' - DATE '2020-02-01'|29",
        "DATE '2020-03-01' - 5|2020-02-25",
        "5 + DATE '2020-03-01'|2020-03-06",
        "TIMESTAMP '2020-03-01 10:00:00.5' - TIMESTAMP '2020-02-01 00:00:00'|PT706H0.5S",
        "DATE '2020-03-01' - TIMESTAMP '2020-02-29 12:00:00'|PT12H",
        "TIME '10:00:00' - TIME '12:30:00'|PT-2H-30M",
        "TIMESTAMP '2020-03-01 10:00:00+02:00' - TIMESTAMP '2020-03-01 08:00:00'|PT0S",
        "DATE '2020-01-31' + INTERVAL '1' MONTH|2020-02-29",
        "DATE '2020-01-31' + INTERVAL '1' HOUR|2020-01-31T01:00",
        "INTERVAL '1' DAY + DATE '2020-01-31'|2020-02-01",
        "TIMESTAMP '2020-01-31 10:00:00' - INTERVAL '1 02:03:04.567' DAY TO SECOND"
            + "|2020-01-30T07:56:55.433",
        "TIMESTAMP '2020-03-31 10:00:00+02:00' - INTERVAL '1' MONTH|2020-02-29T08:00Z",
        "TIMESTAMP '2020-03-31 10:00:00+02:00' + INTERVAL '0.5' SECOND|2020-03-31T08:00:00.500Z",
        "TIME '23:00:00' + INTERVAL '2' HOUR|01:00",
        "INTERVAL '5' DAY - INTERVAL '3' HOUR|PT117H",
        "INTERVAL '1-6' YEAR TO MONTH + INTERVAL '7' MONTH|P2Y1M",
        "INTERVAL '5' DAY * 2.5|PT300H",
        "2 * INTERVAL '1-6' YEAR TO MONTH|P3Y",
        "INTERVAL '7' MONTH / 2|P3M",
        "INTERVAL '-7' MONTH / 2|P-3M",
        "-INTERVAL '1.5' SECOND|PT-1.5S",
        "ABS(INTERVAL '-5' DAY)|PT120H",
        "ABS(INTERVAL '-1-1' YEAR TO MONTH)|P1Y1M",
        "EXTRACT(SECOND FROM TIMESTAMP '2020-03-01 10:00:01.567')|1.567",
        "EXTRACT(SECOND FROM TIME '10:00:01')|1",
        "EXTRACT(SECOND FROM INTERVAL '-1 02:03:04.5' DAY TO SECOND(1))|-4.5",
        "EXTRACT(EPOCH FROM TIMESTAMP '1969-12-31 23:59:59.25')|-0.75",
        "EXTRACT(EPOCH FROM TIMESTAMP '1970-01-01 01:00:00+01:00')|0",
        "EXTRACT(EPOCH FROM INTERVAL '1' DAY)|86400",
        "EXTRACT(DOW FROM DATE '2020-03-01')|0",
        "EXTRACT(DOW FROM TIMESTAMP '2020-02-29 10:00:00')|6",
        "CAST('1-6' AS INTERVAL YEAR TO MONTH)|P1Y6M",
        "CAST('-26:03:04.5' AS INTERVAL HOUR TO SECOND(1))|PT-26H-3M-4.5S",
        "CAST('P1Y' AS INTERVAL MONTH)|P1Y",
        "CAST('PT90S' AS INTERVAL MINUTE)|PT1M",
        "CAST(INTERVAL '29' HOUR AS INTERVAL DAY)|PT24H",
        "CAST(INTERVAL '-29' HOUR AS INTERVAL DAY)|PT-24H",
        "CAST(5 AS INTERVAL DAY)|PT120H",
        "CAST(INTERVAL '-1 02:03:04.560' DAY TO SECOND AS VARCHAR)|-1 02:03:04.56",
        "CAST(INTERVAL '100' DAY AS VARCHAR)|100 00:00:00",
        "CAST(INTERVAL '-7' MONTH AS VARCHAR)|-0-07",
        "TIMESTAMP WITH TIME ZONE '2020-01-01 10:00:00 Europe/Berlin'|2020-01-01T09:00Z",
        "CAST('2020-07-01 10:00:00 Europe/Berlin' AS TIMESTAMPTZ)|2020-07-01T08:00Z",
        "CAST('2020-01-01T10:00:00Z' AS TIMESTAMP WITH TIME ZONE)|2020-01-01T10:00Z",
        "CAST('2020-01-01' AS TIMESTAMP WITH TIME ZONE)|2020-01-01T00:00Z",
        "CAST(TIMESTAMP '2020-01-01 10:00:00.5+02:00' AS VARCHAR)|2020-01-01 08:00:00.500+00:00",
        "CAST(TIMESTAMP '2020-01-01 01:00:00+02:00' AS DATE)|2019-12-31",
        "CAST(TIMESTAMP '2020-01-01 01:00:00+02:00' AS TIMESTAMP)|2019-12-31T23:00",
        "CAST(DATE '2020-01-01' AS TIMESTAMP WITH TIME ZONE)|2020-01-01T00:00Z",
      })
  void constants(String expression, String expected) {
    assertBoth(expression, "one", expected);
  }

  @ParameterizedTest
  @CsvSource({
    "d + ym, 2021-07-31",
    "d - n, 2020-01-28",
    "d - DATE '2020-01-01', 30",
    "d + dt, 2020-02-01T02:03:04.567",
    "t - dt, 07:56:55.433",
    "ts - ym, 2018-07-31T10:00",
    "tz + dt, 2020-02-01T12:03:04.567Z",
    "dt + tz, 2020-02-01T12:03:04.567Z",
    "tz - ym, 2018-07-31T10:00Z",
    "tz - ts, PT0S",
    "dt * n, PT78H9M13.701S",
    "dt + dt, PT52H6M9.134S",
    "ym + ym, P3Y",
    "EXTRACT(SECOND FROM dt), 4.567",
    "CAST(dt AS INTERVAL HOUR), PT26H",
    "CASE WHEN ym > INTERVAL '17' MONTH THEN dt END, PT26H3M4.567S",
  })
  void columns_and_nulls(String expression, String expected) {
    assertBoth(expression, "v WHERE n = 3", expected);
    assertBoth(expression, "v WHERE n IS NULL", "null");
  }

  @Test
  void short_plans_keep_what_is_finer_than_milliseconds() {
    assertThat(DB.text("SELECT INTERVAL '1.000001' SECOND FROM one")).isEqualTo("PT1.000001S");
    assertThat(DB.text("SELECT -INTERVAL -'1.000001' SECOND FROM one")).isEqualTo("PT1.000001S");
    assertThat(
            DB.text(
                "SELECT TIMESTAMP '2020-01-01 00:00:00.000000001'"
                    + " - TIMESTAMP '2020-01-01 00:00:00' FROM one"))
        .isEqualTo("PT0.000000001S");
    assertThat(DB.text("SELECT EXTRACT(EPOCH FROM CAST(? AS TIMESTAMP(9))) FROM one", fine()))
        .isEqualTo("1577836800.000000001");
  }

  private static Object fine() {
    return LocalDateTime.parse("2020-01-01T00:00:00.000000001");
  }

  @Test
  void parameters_are_of_java_time() {
    assertThat(
            DB.text("SELECT x FROM one WHERE CAST(? AS INTERVAL DAY) = ?", "5", Duration.ofDays(5)))
        .isEqualTo("1");
    assertThat(
            DB.text(
                "SELECT DATE '2020-01-01' + CAST(? AS INTERVAL YEAR TO MONTH) FROM one",
                Period.ofMonths(30)))
        .isEqualTo("2022-07-01");
    assertThat(DB.text("SELECT DATE '2020-01-02' - ? FROM one", LocalDate.of(2020, 1, 1)))
        .isEqualTo("1");
    assertThat(
            DB.text(
                "SELECT CAST(? AS TIMESTAMP WITH TIME ZONE) FROM one",
                OffsetDateTime.parse("2020-01-01T10:00:00+05:30")))
        .isEqualTo("2020-01-01T04:30Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "22015|SELECT INTERVAL '999999999' YEAR FROM one",
        "22015|SELECT CAST('1000' AS INTERVAL DAY(3)) FROM one",
        "22015|SELECT CAST(INTERVAL '1000' DAY AS INTERVAL DAY(3)) FROM one",
        "22015|SELECT INTERVAL '100000000' YEAR * 1000 FROM one",
        "22015|SELECT INTERVAL '100000000' DAY * 1000000000000 FROM one",
        "22012|SELECT INTERVAL '1' DAY / 0 FROM one",
        "22007|SELECT CAST('1-13' AS INTERVAL YEAR TO MONTH) FROM one",
        "22007|SELECT CAST('24:00' AS INTERVAL DAY TO HOUR) FROM one",
        "22007|SELECT CAST('2020-01-01 25:00:00+01:00' AS TIMESTAMPTZ) FROM one",
        "22007|SELECT TIMESTAMP WITH TIME ZONE '2020-01-01 10:00:00 Mars/Base' FROM one",
        "42804|SELECT EXTRACT(DOW FROM INTERVAL '1' DAY) FROM one",
        "42804|SELECT EXTRACT(SECOND FROM x) FROM one",
        "42804|SELECT DATE '2020-01-01' - TIME '10:00:00' FROM one",
        "42804|SELECT DATE '2020-01-01' + DATE '2020-01-01' FROM one",
        "42804|SELECT INTERVAL '1' DAY + INTERVAL '1' MONTH FROM one",
      })
  void refusals(String state, String sql) {
    assertThatExceptionOfType(SqlFailure.class)
        .as(sql)
        .isThrownBy(() -> DB.query(sql))
        .satisfies(e -> assertThat(e.state().sqlState()).as(e.getMessage()).isEqualTo(state));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT CAST(v AS INTERVAL DAY(3)) FROM (SELECT MAX(INTERVAL '1000' DAY * x) AS v FROM"
            + " one)",
        "SELECT MAX(CAST(v AS INTERVAL DAY)) FROM (SELECT DISTINCT 'x' || x AS v FROM one)",
      })
  void compiled_plans_refuse_too(String sql) {
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(() -> DB.query(sql))
        .satisfies(
            e -> assertThat(e.state()).isIn(State.INTERVAL_OVERFLOW, State.INVALID_DATETIME));
  }
}
