package io.quorate.sql.plan;

import org.apache.calcite.sql.type.SqlTypeName;

/** The casts that {@link RexCompiler} computes as generated code does. */
final class Casts {
  private Casts() {}

  static boolean isKnown(SqlTypeName from, SqlTypeName to) {
    if (from == to || from == SqlTypeName.NULL) {
      return isPlain(to);
    }
    if (SqlTypeName.CHAR_TYPES.contains(to)) {
      return isPlain(from)
          && !SqlTypeName.BINARY_TYPES.contains(from)
          && !SqlTypeName.APPROX_TYPES.contains(from);
    }
    if (SqlTypeName.NUMERIC_TYPES.contains(from)) {
      return SqlTypeName.NUMERIC_TYPES.contains(to)
          && (SqlTypeName.EXACT_TYPES.contains(from) || !SqlTypeName.EXACT_TYPES.contains(to));
    }
    if (SqlTypeName.CHAR_TYPES.contains(from)) {
      return isPlain(to) && !SqlTypeName.BINARY_TYPES.contains(to);
    }
    return (from == SqlTypeName.DATE && to == SqlTypeName.TIMESTAMP)
        || (from == SqlTypeName.TIMESTAMP && to == SqlTypeName.DATE)
        || (SqlTypeName.YEAR_INTERVAL_TYPES.contains(from)
            && SqlTypeName.YEAR_INTERVAL_TYPES.contains(to))
        || (SqlTypeName.DAY_INTERVAL_TYPES.contains(from)
            && SqlTypeName.DAY_INTERVAL_TYPES.contains(to))
        || (isTimestamp(from) && isTimestamp(to));
  }

  /** With a zone or without one. */
  private static boolean isTimestamp(SqlTypeName name) {
    return name == SqlTypeName.TIMESTAMP || name == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private static boolean isPlain(SqlTypeName name) {
    return switch (name) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, FLOAT, DOUBLE -> true;
      case CHAR, VARCHAR, BINARY, VARBINARY, DATE, TIME, TIMESTAMP, UUID -> true;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> true;
      default -> SqlTypeName.INTERVAL_TYPES.contains(name);
    };
  }
}
