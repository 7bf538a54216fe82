package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.TreeMap;
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
    return at(date.atTime(time), zone);
  }

  /**
   * The instant at which it is that time in a zone. As PostgreSQL has it, one that clocks pass over
   * is later by what they pass over, and of one that they show twice it is the second.
   */
  static OffsetDateTime at(LocalDateTime time, ZoneId zone) {
    return of(time.atZone(zone).withLaterOffsetAtOverlap().toOffsetDateTime());
  }

  /** What clocks show in a zone at an instant. */
  static LocalDateTime shown(OffsetDateTime instant, ZoneId zone) {
    return instant.atZoneSameInstant(zone).toLocalDateTime();
  }

  /**
   * A zone by its offset or its name.
   *
   * @throws DateTimeException when there is none
   */
  public static ZoneId zone(String name) {
    Matcher offset = OFFSET.matcher(name);
    if (!offset.matches()) {
      return named(name);
    }
    int sign = offset.group(1).equals("-") ? -1 : 1;
    int hours = Integer.parseInt(offset.group(2));
    int minutes = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
    return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
  }

  /** Names are written in any case, as in PostgreSQL. */
  private static ZoneId named(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException unknown) {
      String known = Names.BY_ANY_CASE.get(name);
      if (known == null) {
        throw unknown;
      }
      return ZoneId.of(known);
    }
  }

  /** Made when the first name comes in another case. */
  private static final class Names {
    static final SortedMap<String, String> BY_ANY_CASE =
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static {
      BY_ANY_CASE.put("Z", "Z");
      ZoneId.getAvailableZoneIds().forEach(id -> BY_ANY_CASE.put(id, id));
    }

    private Names() {}
  }

  /**
   * A zone as AT TIME ZONE has it.
   *
   * @param zone a name or an offset as text, or an offset as an interval
   * @throws SqlFailure {@link State#INVALID_PARAMETER} when there is none
   */
  static ZoneId zone(Object zone) {
    try {
      if (zone instanceof Duration offset) {
        if (offset.getNano() != 0) {
          throw new DateTimeException("a part of a second");
        }
        return ZoneOffset.ofTotalSeconds(Math.toIntExact(offset.getSeconds()));
      }
      return zone(((String) zone).strip());
    } catch (DateTimeException | ArithmeticException e) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          "there is no time zone \""
              + Conversion.shown(Conversion.toText(zone))
              + "\"; write a name such as 'Europe/Berlin', or an offset of at most 18 hours such as"
              + " '+02:00'",
          e);
    }
  }

  /** As a literal has it: {@code 2020-01-31 12:00:00.5+00:00}. */
  static String text(OffsetDateTime time) {
    return Conversion.toText(time.toLocalDateTime()) + "+00:00";
  }
}
