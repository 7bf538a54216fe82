package io.quorate.sql.exec;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of TIMESTAMP WITH TIME ZONE: instants, always with the offset of UTC. Stateless. */
public final class OffsetTimes {
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?\\d{4,9}-\\d\\d-\\d\\d)"
              + "(?:[ T]+(\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?))?"
              + "\\s*([+-]\\d\\d?(?::?\\d\\d)?|[A-Za-z][A-Za-z0-9_+/-]*)?");

  private static final Pattern OFFSET = Pattern.compile("([+-])(\\d\\d?)(?::?(\\d\\d))?");

  private OffsetTimes() {}

  /** The instant at which it is that time in UTC. */
  static OffsetDateTime of(LocalDateTime time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  /** The same instant. */
  static OffsetDateTime of(OffsetDateTime time) {
    return time.withOffsetSameInstant(ZoneOffset.UTC);
  }

  /**
   * Reads a date, a time or none, and an offset, a name of a zone or neither, which is UTC.
   *
   * @throws DateTimeException when it is none
   */
  static OffsetDateTime parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new DateTimeException("no time with a zone: " + text);
    }
    LocalDate date = LocalDate.parse(matcher.group(1));
    LocalTime time =
        matcher.group(2) == null ? LocalTime.MIDNIGHT : LocalTime.parse(matcher.group(2));
    ZoneId zone = matcher.group(3) == null ? ZoneOffset.UTC : zone(matcher.group(3));
    return of(date.atTime(time).atZone(zone).toOffsetDateTime());
  }

  /**
   * A zone by its offset or its name.
   *
   * @throws DateTimeException when there is none
   */
  public static ZoneId zone(String name) {
    Matcher offset = OFFSET.matcher(name);
    if (!offset.matches()) {
      return ZoneId.of(name.equalsIgnoreCase("utc") ? "UTC" : name.equals("z") ? "Z" : name);
    }
    int sign = offset.group(1).equals("-") ? -1 : 1;
    int hours = Integer.parseInt(offset.group(2));
    int minutes = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
    return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
  }

  /** As a literal has it: {@code 2020-01-31 12:00:00.5+00:00}. */
  static String text(OffsetDateTime time) {
    return Conversion.toText(time.toLocalDateTime()) + "+00:00";
  }
}
