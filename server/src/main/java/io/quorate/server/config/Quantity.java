package io.quorate.server.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them: a whole number and a unit. */
public final class Quantity {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");
  private static final Pattern SHARE = Pattern.compile("(\\d{1,2})\\s*%");
  private static final long MEBIBYTE = 1L << 20;

  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));
  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", MEBIBYTE, "GiB", 1L << 30, "TiB", 1L << 40);

  private Quantity() {}

  /**
   * Reads a duration such as {@code 250ms}.
   *
   * @throws ConfigException which says what a duration looks like
   */
  public static Duration parseDuration(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !TIMES.containsKey(form.group(2))) {
      throw new ConfigException("a duration in ms, s, m or h such as 250ms");
    }
    try {
      return TIMES.get(form.group(2)).multipliedBy(Long.parseLong(form.group(1)));
    } catch (ArithmeticException e) {
      throw new ConfigException("a duration below 1000 years", e);
    }
  }

  /** A plain number counts bytes. */
  static long parseBytes(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !SIZES.containsKey(form.group(2))) {
      throw new ConfigException("a size in bytes, KiB, MiB, GiB or TiB such as 64MiB");
    }
    try {
      return Math.multiplyExact(Long.parseLong(form.group(1)), SIZES.get(form.group(2)));
    } catch (ArithmeticException e) {
      throw new ConfigException("a size below 8192 PiB", e);
    }
  }

  /** A plain number, or a share of {@code heapBytes} such as 25%. */
  static int parseMebibytes(String text, long heapBytes) {
    Matcher share = SHARE.matcher(text);
    if (share.matches()) {
      long mebibytes = heapBytes / MEBIBYTE * Integer.parseInt(share.group(1)) / 100;
      return Math.toIntExact(Math.min(Math.max(1, mebibytes), Integer.MAX_VALUE));
    }
    if (!text.matches("\\d{1,9}")) {
      throw new ConfigException("a number of MiB, or a share of the heap such as 25%");
    }
    return Integer.parseInt(text);
  }

  static int parseCount(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new ConfigException("a whole number");
    }
    return Integer.parseInt(text);
  }

  static String format(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 && millis > 0 ? millis / 1000 + "s" : millis + "ms";
  }

  static String format(long bytes) {
    for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
      long one = SIZES.getOrDefault(unit, 1L);
      if (bytes > 0 && bytes % one == 0) {
        return bytes / one + unit;
      }
    }
    return bytes + "B";
  }
}
