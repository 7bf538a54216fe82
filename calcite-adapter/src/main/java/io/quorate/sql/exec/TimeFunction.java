package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Locale;
import java.util.Objects;

/**
 * What is computed of dates, times and intervals as they are outside, by short plans and by
 * generated code alike. Of a NULL it is NULL, which never comes here. Stateless.
 */
public enum TimeFunction {
  /** CAST from or to an interval or a TIMESTAMP WITH TIME ZONE. */
  CAST {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      return cast(values[0], types[0], result);
    }
  },
  /** What lies between two: a number of days of two dates, else a duration. */
  DIFFERENCE {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      if (values[0] instanceof LocalDate last && values[1] instanceof LocalDate first) {
        return Math.toIntExact(last.toEpochDay() - first.toEpochDay());
      }
      if (values[0] instanceof LocalTime last && values[1] instanceof LocalTime first) {
        return Duration.ofNanos(last.toNanoOfDay() - first.toNanoOfDay());
      }
      return Intervals.checked(Duration.between(time(values[1]), time(values[0])));
    }
  },
  /** Later by an interval, or by a number of days. */
  LATER {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      boolean first = values[0] instanceof Temporal;
      return shifted(values[first ? 0 : 1], values[first ? 1 : 0], 1);
    }
  },
  /** Earlier by an interval, or by a number of days. */
  EARLIER {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      return shifted(values[0], values[1], -1);
    }
  },
  /** An interval so many times. */
  MULTIPLE {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      boolean first = values[1] instanceof Number;
      return Intervals.multiple(values[first ? 0 : 1], (Number) values[first ? 1 : 0]);
    }
  },
  /** One of so many equal parts of an interval. */
  QUOTIENT {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      return Intervals.quotient(values[0], (Number) values[1]);
    }
  },
  /** AT TIME ZONE: what clocks show there of an instant, or the instant at which they show it. */
  AT_ZONE {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      ZoneId zone = OffsetTimes.zone(values[1]);
      return values[0] instanceof OffsetDateTime instant
          ? OffsetTimes.shown(instant, zone)
          : OffsetTimes.at((LocalDateTime) values[0], zone);
    }
  },
  /** A part of a time or an interval that has a fraction, or that Calcite counts in its own way. */
  PART {
    @Override
    Object of(Object[] values, SqlType[] types, SqlType result) {
      BigDecimal part = part((String) values[0], values[1]);
      return Conversion.convert(
          part.setScale(Math.max(0, result.scale()), RoundingMode.DOWN), result);
    }
  };

  private static final int NUMBERS_OF_TYPE = 3;
  private static final int DAYS_OF_WEEK = 7;
  private static final SqlType.Name[] NAMES = SqlType.Name.values();

  abstract Object of(Object[] values, SqlType[] types, SqlType result);

  /**
   * Computes it.
   *
   * @param types of the values
   * @throws SqlFailure when there is no such value
   */
  public Object apply(Object[] values, SqlType[] types, SqlType result) {
    try {
      return of(values, types, result);
    } catch (DateTimeException | ArithmeticException e) {
      throw new SqlFailure(State.DATETIME_OVERFLOW, "a date or time is out of range", e);
    }
  }

  /**
   * The same in generated code, of values as they are there.
   *
   * @param types of the values and of the result, each as {@link #numbers}
   */
  public static Object compute(String function, int[] types, Object[] values) {
    SqlType[] operands = new SqlType[values.length];
    Object[] outside = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      operands[i] = type(types, i);
      outside[i] = Objects.requireNonNull(Values.fromInternal(operands[i], values[i]));
    }
    SqlType result = type(types, values.length);
    Object value = valueOf(function).apply(outside, operands, result);
    return Objects.requireNonNull(Values.toInternal(result, value));
  }

  /** A type as numbers, for {@link #compute}. */
  public static int[] numbers(SqlType type) {
    return new int[] {type.name().number(), type.precision(), type.scale()};
  }

  private static SqlType type(int[] numbers, int index) {
    int at = index * NUMBERS_OF_TYPE;
    return new SqlType(name(numbers[at]), numbers[at + 1], numbers[at + 2]);
  }

  private static SqlType.Name name(int number) {
    for (SqlType.Name name : NAMES) {
      if (name.number() == number) {
        return name;
      }
    }
    throw new IllegalArgumentException("no type has the number " + number);
  }

  private static Object cast(Object value, SqlType from, SqlType to) {
    boolean number =
        switch (to.name()) {
          case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> true;
          default -> false;
        };
    return Conversion.cast(
        number && from.name().isInterval() ? Intervals.number(value, from) : value, to);
  }

  private static LocalDateTime time(Object value) {
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    return value instanceof OffsetDateTime instant
        ? instant.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
        : (LocalDateTime) value;
  }

  /**
   * A date or time and an interval behind or before it. A day that the month does not have is the
   * last one of it, as PostgreSQL has it.
   */
  public static Object shifted(Object time, Object by, int sign) {
    if (time instanceof LocalDate date) {
      if (by instanceof Number days) {
        return date.plusDays(Math.multiplyExact(days.longValue(), (long) sign));
      }
      return by instanceof Period period
          ? date.plusMonths(sign * period.toTotalMonths())
          : date.plusDays(sign * ((Duration) by).toDays());
    }
    if (time instanceof LocalTime of) {
      return by instanceof Period ? of : of.plusNanos(sign * nanosOfDay((Duration) by));
    }
    if (by instanceof Period period) {
      long months = sign * period.toTotalMonths();
      return time instanceof OffsetDateTime instant
          ? instant.plusMonths(months)
          : ((LocalDateTime) time).plusMonths(months);
    }
    Duration duration = sign < 0 ? ((Duration) by).negated() : (Duration) by;
    return time instanceof OffsetDateTime instant
        ? instant.plus(duration)
        : ((LocalDateTime) time).plus(duration);
  }

  private static long nanosOfDay(Duration duration) {
    return duration.minusDays(duration.toDays()).toNanos();
  }

  private static BigDecimal part(String unit, Object value) {
    return switch (unit.toUpperCase(Locale.ROOT)) {
      case "SECOND" -> secondOfMinute(value);
      case "EPOCH" -> epoch(value);
      case "DOW" ->
          BigDecimal.valueOf(time(value).toLocalDate().get(ChronoField.DAY_OF_WEEK) % DAYS_OF_WEEK);
      default -> throw new SqlFailure(State.INVALID_PARAMETER, "there is no part " + unit);
    };
  }

  private static BigDecimal secondOfMinute(Object value) {
    if (value instanceof Period || value instanceof LocalDate) {
      return BigDecimal.ZERO;
    }
    if (value instanceof Duration duration) {
      return Intervals.seconds(duration.minusMinutes(duration.toMinutes()));
    }
    LocalTime time = value instanceof LocalTime of ? of : time(value).toLocalTime();
    return Intervals.seconds(Duration.ofSeconds(time.getSecond(), time.getNano()));
  }

  /** Seconds since 1970 of a time, of an interval all that it has; a year has 365.25 days. */
  private static BigDecimal epoch(Object value) {
    if (value instanceof Duration duration) {
      return Intervals.seconds(duration);
    }
    if (value instanceof Period period) {
      return BigDecimal.valueOf(
          period.toTotalMonths() / 12 * 31_557_600 + period.toTotalMonths() % 12 * 2_592_000);
    }
    if (value instanceof LocalTime time) {
      return Intervals.seconds(Duration.ofNanos(time.toNanoOfDay()));
    }
    LocalDateTime time = time(value);
    return Intervals.seconds(
        Duration.ofSeconds(
            time.toEpochSecond(ZoneOffset.UTC), time.get(ChronoField.NANO_OF_SECOND)));
  }
}
