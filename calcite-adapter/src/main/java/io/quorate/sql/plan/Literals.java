package io.quorate.sql.plan;

import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.Values;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/** Literals as values. */
final class Literals {
  private Literals() {}

  static boolean isKnown(RexLiteral literal) {
    return switch (literal.getType().getSqlTypeName()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, FLOAT, DOUBLE -> true;
      case CHAR, VARCHAR, BINARY, VARBINARY, DATE, TIME, TIMESTAMP, UUID -> true;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> true;
      default -> IntervalTypes.isInterval(literal.getType());
    };
  }

  static Object value(RexLiteral literal) {
    Comparable<?> value = literal.getValue();
    if (value instanceof NlsString text) {
      return text.getValue();
    }
    if (IntervalTypes.isInterval(literal.getType())) {
      // As Calcite counts them: months, or milliseconds.
      return Objects.requireNonNull(
          Values.fromInternal(Types.fromCalcite(literal.getType()), value));
    }
    if (value instanceof BigDecimal || value instanceof Double) {
      return Conversion.convert(value, Types.fromCalcite(literal.getType()));
    }
    if (value instanceof ByteString bytes) {
      return bytes.getBytes();
    }
    return switch (literal.getType().getSqlTypeName()) {
      case DATE -> LocalDate.parse(text(literal.getValueAs(DateString.class)));
      case TIME -> LocalTime.parse(text(literal.getValueAs(TimeString.class)));
      case TIMESTAMP ->
          LocalDateTime.parse(text(literal.getValueAs(TimestampString.class)).replace(' ', 'T'));
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          LocalDateTime.parse(text(literal.getValueAs(TimestampString.class)).replace(' ', 'T'))
              .atOffset(ZoneOffset.UTC);
      case UUID -> literal.getValueAs(UUID.class);
      default -> literal.getValueAs(Boolean.class);
    };
  }

  private static String text(Object value) {
    return value.toString();
  }
}
