package io.quorate.sql.plan;

import io.quorate.sql.exec.Intervals;
import io.quorate.sql.lang.SqlFailure;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalLiteral.IntervalValue;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Literals that are casts of their texts: times with a zone, which Calcite wants in a form of its
 * own, and intervals finer than the milliseconds that it keeps. Stateless.
 */
final class TimeLiterals {
  /** A time, its fraction, and an offset, as SQL:2016 part 2, 5.3 has it. */
  private static final Pattern WITH_OFFSET =
      Pattern.compile("\\s*\\S+\\s+[0-9:]+(?:\\.(\\d{1,9}))?\\s*[+-]\\d\\d?:\\d\\d\\s*");

  private static final Pattern FRACTION = Pattern.compile("\\.(\\d{1,9})");
  private static final Pattern FIRST = Pattern.compile("\\d{1,15}");
  private static final int MONTHS_OF_YEAR = 12;
  private static final Pattern FINE = Pattern.compile("\\.\\d{4,}\\s*$");

  private TimeLiterals() {}

  static Optional<SqlNode> of(SqlLiteral literal) {
    if (literal instanceof SqlUnknownLiteral unknown) {
      String text = unknown.getValue();
      return switch (unknown.tag.toUpperCase(Locale.ROOT)) {
        case "TIMESTAMP" ->
            WITH_OFFSET.matcher(text).matches()
                ? Optional.of(instant(text, literal.getParserPosition()))
                : Optional.empty();
        case "TIMESTAMP WITH TIME ZONE" -> Optional.of(instant(text, literal.getParserPosition()));
        default -> Optional.empty();
      };
    }
    return literal instanceof SqlIntervalLiteral interval ? fine(interval) : Optional.empty();
  }

  private static SqlNode instant(String text, SqlParserPos at) {
    Matcher fraction = FRACTION.matcher(text);
    int digits = fraction.find() ? fraction.group(1).length() : 0;
    return SqlStdOperatorTable.CAST.createCall(
        at,
        SqlLiteral.createCharString(text, at),
        new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_TZ, digits, at), at));
  }

  /**
   * @throws SqlFailure when it has more months than are counted
   */
  private static Optional<SqlNode> fine(SqlIntervalLiteral literal) {
    IntervalValue value = literal.getValueAs(IntervalValue.class);
    Matcher first = FIRST.matcher(value.getIntervalLiteral());
    if (value.getIntervalQualifier().isYearMonth() && first.find()) {
      boolean years = value.getIntervalQualifier().getStartUnit() == TimeUnit.YEAR;
      Intervals.ofMonths(Long.parseLong(first.group()) * (years ? MONTHS_OF_YEAR : 1));
    }
    if (!FINE.matcher(value.getIntervalLiteral()).find()) {
      return Optional.empty();
    }
    SqlParserPos at = literal.getParserPosition();
    SqlNode cast =
        SqlStdOperatorTable.CAST.createCall(
            at,
            SqlLiteral.createCharString(value.getIntervalLiteral().strip(), at),
            value.getIntervalQualifier());
    return Optional.of(
        value.getSign() > 0 ? cast : SqlStdOperatorTable.UNARY_MINUS.createCall(at, cast));
  }
}
