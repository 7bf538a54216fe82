package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/**
 * Functions that generated code calls on Calcite's internal values; most are known to users of
 * PostgreSQL, and not to the standard. Stateless.
 */
public final class CommonFunctions {
  private static final int MILLIS = 1_000;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final int DECADE = 10;
  private static final int CENTURY = 100;
  private static final int MILLENNIUM = 1_000;
  private static final int QUARTER_MONTHS = 3;

  private CommonFunctions() {}

  /**
   * {@code DATE_TRUNC}: what a time is in whole units; weeks begin on Monday.
   *
   * @param millis since 1970-01-01 00:00, without a zone
   */
  public static long dateTrunc(String unit, long millis) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(millis, MILLIS),
            (int) Math.floorMod(millis, (long) MILLIS) * NANOS_PER_MILLI,
            ZoneOffset.UTC);
    LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
    LocalDateTime year = day.withDayOfYear(1);
    LocalDateTime cut =
        switch (unit.strip().toLowerCase(Locale.ROOT)) {
          case "microseconds", "milliseconds" -> time;
          case "second" -> time.truncatedTo(ChronoUnit.SECONDS);
          case "minute" -> time.truncatedTo(ChronoUnit.MINUTES);
          case "hour" -> time.truncatedTo(ChronoUnit.HOURS);
          case "day" -> day;
          case "week" -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case "month" -> day.withDayOfMonth(1);
          case "quarter" -> {
            int month = day.getMonthValue() - 1;
            yield day.withDayOfMonth(1).withMonth(month - month % QUARTER_MONTHS + 1);
          }
          case "year" -> year;
          case "decade" -> year.withYear(year.getYear() - Math.floorMod(year.getYear(), DECADE));
          // The first century began with the year 1.
          case "century" -> since(year, CENTURY);
          case "millennium" -> since(year, MILLENNIUM);
          default ->
              throw new SqlFailure(
                  State.INVALID_PARAMETER,
                  "DATE_TRUNC knows no unit '" + unit + "'; there are microseconds to millennium");
        };
    return cut.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static LocalDateTime since(LocalDateTime year, int years) {
    return year.withYear(year.getYear() - Math.floorMod(year.getYear() - 1, years));
  }

  /** {@code MAKE_DATE}: days since 1970-01-01. */
  public static int makeDate(int year, int month, int day) {
    try {
      return Math.toIntExact(LocalDate.of(year, month, day).toEpochDay());
    } catch (DateTimeException e) {
      throw new SqlFailure(
          State.INVALID_DATETIME, "there is no date " + year + "-" + month + "-" + day, e);
    }
  }

  /** {@code GCD}; not negative, 0 of two zeros. */
  public static long gcd(long first, long second) {
    long a = first;
    long b = second;
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return absolute(a);
  }

  /** {@code LCM}; not negative, 0 if one is zero. */
  public static long lcm(long first, long second) {
    long divisor = gcd(first, second);
    if (divisor == 0) {
      return 0;
    }
    try {
      return absolute(Math.multiplyExact(first / divisor, second));
    } catch (ArithmeticException e) {
      throw new SqlFailure(State.NUMBER_OUT_OF_RANGE, "BIGINT out of range", e);
    }
  }

  private static long absolute(long value) {
    if (value == Long.MIN_VALUE) {
      throw new SqlFailure(State.NUMBER_OUT_OF_RANGE, "BIGINT out of range");
    }
    return Math.abs(value);
  }

  /** {@code REVERSE}: the characters from the last to the first. */
  public static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  /** A text of the type CHAR(n) as it is stored. */
  public static String unpadded(String text) {
    return Conversion.stripBlanks(text, 0);
  }

  /** {@code TO_HEX}: hexadecimal digits, of a negative number as two's complement. */
  public static String toHex(long number) {
    return Long.toHexString(number);
  }
}
