package io.quorate.sql.exec;

import io.quorate.sql.catalog.IntervalFields;
import io.quorate.sql.catalog.IntervalFields.Field;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Intervals: a Period is a number of months, a Duration one of nanoseconds, and no bound of an
 * interval type is beyond a long of milliseconds. Stateless.
 */
public final class Intervals {
  private static final int MONTHS_OF_YEAR = 12;
  private static final long SECONDS_OF_DAY = 86_400;
  private static final long SECONDS_OF_HOUR = 3_600;
  private static final int SECONDS_OF_MINUTE = 60;
  private static final int HOURS_OF_DAY = 24;
  private static final int NANO_DIGITS = 9;
  private static final BigDecimal NANOS_OF_SECOND = BigDecimal.TEN.pow(NANO_DIGITS);
  private static final long SECONDS_MAX = Long.MAX_VALUE / 1_000 - 1;

  private static final Map<String, Pattern> PATTERNS =
      Stream.of(Field.values())
          .flatMap(first -> Stream.of(Field.values()).map(last -> new Field[] {first, last}))
          .filter(ends -> isPair(ends[0], ends[1]))
          .collect(
              Collectors.toUnmodifiableMap(
                  ends -> key(ends[0], ends[1]), ends -> pattern(ends[0], ends[1])));

  private Intervals() {}

  private static boolean isPair(Field first, Field last) {
    return first.compareTo(last) <= 0
        && first.compareTo(Field.MONTH) <= 0 == last.compareTo(Field.MONTH) <= 0;
  }

  private static String key(Field first, Field last) {
    return first + " " + last;
  }

  /** The sign, and each field. */
  private static Pattern pattern(Field first, Field last) {
    StringBuilder text = new StringBuilder("([+-]?)");
    for (Field field : Field.values()) {
      if (field.compareTo(first) < 0 || field.compareTo(last) > 0) {
        continue;
      }
      text.append(field == first ? "(\\d{1,12})" : separator(field) + "(\\d{1,2})");
    }
    if (last == Field.SECOND) {
      text.append("(?:\\.(\\d{1,9}))?");
    }
    return Pattern.compile(text.toString());
  }

  private static String separator(Field field) {
    return switch (field) {
      case MONTH -> "-";
      case HOUR -> " +";
      default -> ":";
    };
  }

  /** A number of months. */
  public static Period ofMonths(long months) {
    if (months != (int) months) {
      throw overflow("an interval of " + months + " months is out of range");
    }
    return Period.ofMonths((int) months).normalized();
  }

  /** A number of seconds, which an interval can have. */
  static Duration checked(Duration duration) {
    if (Math.abs(duration.toSeconds()) > SECONDS_MAX) {
      throw overflow("an interval of " + duration.toSeconds() + " seconds is out of range");
    }
    return duration;
  }

  static SqlFailure overflow(String message) {
    return new SqlFailure(State.INTERVAL_OVERFLOW, message);
  }

  /**
   * The value as one of the type's class, whatever its fields.
   *
   * @throws SqlFailure when it is of another kind, or out of range
   * @throws IllegalArgumentException when it is a text that is no interval
   */
  static Object convert(Object value, SqlType type) {
    boolean months = type.name() == SqlType.Name.INTERVAL_YEAR_MONTH;
    if (value instanceof Period period) {
      if (months && period.get(ChronoUnit.DAYS) == 0) {
        return ofMonths(period.toTotalMonths());
      }
      if (!months && period.toTotalMonths() == 0) {
        return checked(Duration.ofDays(period.get(ChronoUnit.DAYS)));
      }
    } else if (value instanceof Duration duration && !months) {
      return checked(duration);
    } else if (value instanceof String text) {
      return parse(text.strip(), type);
    } else if (value instanceof Number && type.fields().isOne()) {
      return ofNumber(Values.decimal(value), type.fields().first());
    }
    throw new SqlFailure(
        State.TYPE_MISMATCH,
        "a value of class " + value.getClass().getSimpleName() + " is no " + type);
  }

  private static Object parse(String text, SqlType type) {
    IntervalFields fields = type.fields();
    IntervalFields all =
        fields.isMonths() ? IntervalFields.YEAR_TO_MONTH : IntervalFields.DAY_TO_SECOND;
    for (IntervalFields form : new IntervalFields[] {fields, all}) {
      Matcher matcher =
          Objects.requireNonNull(PATTERNS.get(key(form.first(), form.last()))).matcher(text);
      if (matcher.matches()) {
        return read(matcher, form);
      }
    }
    // As ISO 8601 has it, and Java and PostgreSQL write it.
    return convert(fields.isMonths() ? Period.parse(text) : Duration.parse(text), type);
  }

  private static Object read(Matcher matcher, IntervalFields form) {
    long sign = matcher.group(1).equals("-") ? -1 : 1;
    long[] amounts = new long[Field.values().length];
    for (Field field : Field.values()) {
      if (field.compareTo(form.first()) < 0 || field.compareTo(form.last()) > 0) {
        continue;
      }
      long amount = Long.parseLong(matcher.group(field.number() - form.first().number() + 2));
      if (field != form.first() && amount >= bound(field)) {
        throw new IllegalArgumentException("field out of range");
      }
      amounts[field.number()] = sign * amount;
    }
    if (form.isMonths()) {
      return ofMonths(amounts[0] * MONTHS_OF_YEAR + amounts[1]);
    }
    String fraction = form.last() == Field.SECOND ? matcher.group(matcher.groupCount()) : null;
    long nanos =
        fraction == null
            ? 0
            : Long.parseLong(fraction + "0".repeat(NANO_DIGITS - fraction.length()));
    long seconds =
        Math.addExact(
            Math.multiplyExact(amounts[2], SECONDS_OF_DAY),
            amounts[3] * SECONDS_OF_HOUR + amounts[4] * SECONDS_OF_MINUTE + amounts[5]);
    return checked(Duration.ofSeconds(seconds, sign * nanos));
  }

  private static int bound(Field field) {
    return switch (field) {
      case MONTH -> MONTHS_OF_YEAR;
      case HOUR -> HOURS_OF_DAY;
      default -> SECONDS_OF_MINUTE;
    };
  }

  /** So many years, days, seconds, or what the field is. */
  private static Object ofNumber(BigDecimal number, Field field) {
    return switch (field) {
      case YEAR, MONTH -> ofMonths(whole(number.multiply(BigDecimal.valueOf(unit(field)))));
      default -> ofSeconds(number.multiply(BigDecimal.valueOf(unit(field))));
    };
  }

  private static long whole(BigDecimal number) {
    BigInteger rounded = number.setScale(0, RoundingMode.HALF_UP).toBigInteger();
    if (rounded.bitLength() >= Long.SIZE) {
      throw overflow("an interval of " + Conversion.shown(number) + " is out of range");
    }
    return rounded.longValue();
  }

  /** Rounded to nanoseconds. */
  static Duration ofSeconds(BigDecimal seconds) {
    if (seconds.abs().compareTo(BigDecimal.valueOf(SECONDS_MAX)) > 0) {
      throw overflow("an interval of " + Conversion.shown(seconds) + " seconds is out of range");
    }
    BigInteger[] parts =
        seconds
            .multiply(NANOS_OF_SECOND)
            .setScale(0, RoundingMode.HALF_UP)
            .toBigInteger()
            .divideAndRemainder(NANOS_OF_SECOND.toBigInteger());
    return Duration.ofSeconds(parts[0].longValue(), parts[1].longValue());
  }

  /** Seconds with what is behind their point. */
  static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toSeconds())
        .add(BigDecimal.valueOf(duration.toNanosPart(), NANO_DIGITS));
  }

  /** Months of a YEAR or MONTH, seconds of the others. */
  private static long unit(Field field) {
    return switch (field) {
      case YEAR -> MONTHS_OF_YEAR;
      case DAY -> SECONDS_OF_DAY;
      case HOUR -> SECONDS_OF_HOUR;
      case MINUTE -> SECONDS_OF_MINUTE;
      case MONTH, SECOND -> 1;
    };
  }

  /** How many of its only field an interval is: CAST to a number. */
  static BigDecimal number(Object interval, SqlType type) {
    Field field = type.fields().first();
    BigDecimal units =
        interval instanceof Period period
            ? BigDecimal.valueOf(period.toTotalMonths())
            : seconds((Duration) interval);
    return units.divide(
        BigDecimal.valueOf(unit(field)), Math.max(units.scale(), 0), RoundingMode.DOWN);
  }

  /**
   * Without what is less than the last field, and not more than the first one can have (SQL:2016
   * part 2, 6.13).
   */
  static Object fit(Object interval, SqlType type) {
    IntervalFields fields = type.fields();
    Object cut =
        interval instanceof Period period ? cut(period, fields) : cut((Duration) interval, fields);
    if (type.precision() != SqlType.UNBOUNDED) {
      long first =
          cut instanceof Period period
              ? period.toTotalMonths() / unit(fields.first())
              : ((Duration) cut).abs().toSeconds() / unit(fields.first());
      if (Math.abs(first) >= Math.pow(10, type.precision())) {
        throw overflow(
            "interval "
                + text(cut)
                + " has more than "
                + type.precision()
                + " digits of "
                + fields.first()
                + ", as many as "
                + type
                + " has; give the type more");
      }
    }
    return cut;
  }

  private static Period cut(Period period, IntervalFields fields) {
    long months = period.toTotalMonths();
    return ofMonths(months - months % unit(fields.last()));
  }

  private static Duration cut(Duration duration, IntervalFields fields) {
    Duration size = duration.abs();
    long seconds = size.toSeconds() - size.toSeconds() % unit(fields.last());
    int nanos = 0;
    if (fields.last() == Field.SECOND) {
      int unit = (int) Math.pow(10, NANO_DIGITS - (double) fields.fraction());
      nanos = size.toNanosPart() - size.toNanosPart() % unit;
    }
    Duration cut = Duration.ofSeconds(seconds, nanos);
    return duration.isNegative() ? cut.negated() : cut;
  }

  /** The sum of two of one kind, or with a sign of -1 their difference. */
  public static Object sum(Object left, Object right, int sign) {
    if (left instanceof Period period) {
      return ofMonths(period.toTotalMonths() + sign * ((Period) right).toTotalMonths());
    }
    Duration other = (Duration) right;
    return checked(((Duration) left).plus(sign < 0 ? other.negated() : other));
  }

  /** As many times as long: whole months, rounded toward zero, or nanoseconds. */
  public static Object multiple(Object interval, Number by) {
    return scaled(interval, units(interval).multiply(Values.decimal(by)));
  }

  /** As many times as short: whole months, rounded toward zero, or nanoseconds. */
  public static Object quotient(Object interval, Number by) {
    BigDecimal divisor = Values.decimal(by);
    if (divisor.signum() == 0) {
      throw new SqlFailure(State.DIVISION_BY_ZERO, "division by zero");
    }
    return scaled(interval, units(interval).divide(divisor, NANO_DIGITS, RoundingMode.HALF_UP));
  }

  /** Without its sign. */
  public static Object magnitude(Object interval) {
    if (interval instanceof Period period) {
      return ofMonths(Math.abs(period.toTotalMonths()));
    }
    return ((Duration) interval).abs();
  }

  private static BigDecimal units(Object interval) {
    return interval instanceof Period period
        ? BigDecimal.valueOf(period.toTotalMonths())
        : seconds((Duration) interval);
  }

  private static Object scaled(Object interval, BigDecimal units) {
    return interval instanceof Period
        ? ofMonths(whole(units.setScale(0, RoundingMode.DOWN)))
        : ofSeconds(units);
  }

  /** With all fields of its kind: {@code 1-06}, {@code 3 04:05:06.7}. */
  public static String text(Object interval) {
    if (interval instanceof Period period) {
      long months = period.toTotalMonths();
      return String.format(
          Locale.ROOT,
          "%s%d-%02d",
          months < 0 ? "-" : "",
          Math.abs(months) / MONTHS_OF_YEAR,
          Math.abs(months) % MONTHS_OF_YEAR);
    }
    Duration duration = (Duration) interval;
    Duration size = duration.abs();
    String text =
        String.format(
            Locale.ROOT,
            "%s%d %02d:%02d:%02d.%09d",
            duration.isNegative() ? "-" : "",
            size.toDaysPart(),
            size.toHoursPart(),
            size.toMinutesPart(),
            size.toSecondsPart(),
            size.toNanosPart());
    return text.replaceFirst("\\.0+$|(?<=\\.\\d{1,8})0+$", "");
  }
}
