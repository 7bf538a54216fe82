package io.quorate.driver;

import java.time.Duration;
import java.time.Period;
import java.util.Locale;

/** Intervals as SQL writes them, with all fields of their kind. */
final class IntervalText {
  private static final int MONTHS_OF_YEAR = 12;

  private IntervalText() {}

  /**
   * {@code 1-06} of a Period, {@code 3 04:05:06.7} of a Duration.
   *
   * @param interval one of them
   */
  static String of(Object interval) {
    if (interval instanceof Period) {
      long months = ((Period) interval).toTotalMonths();
      long size = Math.abs(months);
      return String.format(
          Locale.ROOT,
          "%s%d-%02d",
          months < 0 ? "-" : "",
          size / MONTHS_OF_YEAR,
          size % MONTHS_OF_YEAR);
    }
    Duration duration = (Duration) interval;
    Duration size = duration.abs();
    String text =
        String.format(
            Locale.ROOT,
            "%s%d %02d:%02d:%02d",
            duration.isNegative() ? "-" : "",
            size.toDaysPart(),
            size.toHoursPart(),
            size.toMinutesPart(),
            size.toSecondsPart());
    return size.toNanosPart() == 0
        ? text
        : (text + String.format(Locale.ROOT, ".%09d", size.toNanosPart())).replaceFirst("0+$", "");
  }
}
