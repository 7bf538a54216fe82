package io.quorate.sql.parse;

import io.quorate.sql.catalog.IntervalFields;
import io.quorate.sql.catalog.IntervalFields.Field;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCollectionTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.type.SqlTypeName;

/** Types of columns as they are written, to types as they are kept. */
final class DataTypes {
  static final int DECIMAL_DIGITS_MAX = 38;
  static final int FRACTION_DIGITS_MAX = 9;

  /**
   * Of a DECIMAL that says nothing. The standard leaves it open; with none, as it often is, what
   * comes from a database where such a column keeps every digit would lose its fractions.
   */
  private static final int DECIMAL_SCALE = 10;

  private static final Map<String, SqlType.Name> NAMES =
      Map.ofEntries(
          Map.entry("BOOLEAN", SqlType.Name.BOOLEAN),
          Map.entry("TINYINT", SqlType.Name.TINYINT),
          Map.entry("SMALLINT", SqlType.Name.SMALLINT),
          Map.entry("INTEGER", SqlType.Name.INTEGER),
          Map.entry("BIGINT", SqlType.Name.BIGINT),
          Map.entry("DECIMAL", SqlType.Name.DECIMAL),
          Map.entry("REAL", SqlType.Name.REAL),
          Map.entry("FLOAT", SqlType.Name.DOUBLE),
          Map.entry("DOUBLE", SqlType.Name.DOUBLE),
          Map.entry("CHAR", SqlType.Name.CHAR),
          Map.entry("VARCHAR", SqlType.Name.VARCHAR),
          Map.entry("BINARY", SqlType.Name.BINARY),
          Map.entry("VARBINARY", SqlType.Name.VARBINARY),
          Map.entry("DATE", SqlType.Name.DATE),
          Map.entry("TIME", SqlType.Name.TIME),
          Map.entry("TIMESTAMP", SqlType.Name.TIMESTAMP),
          Map.entry("TIMESTAMP_TZ", SqlType.Name.TIMESTAMP_TZ),
          Map.entry("UUID", SqlType.Name.UUID));

  private DataTypes() {}

  static SqlType of(SqlDataTypeSpec spec) {
    if (spec.getTypeNameSpec() instanceof LargeTypeNameSpec large) {
      return SqlType.of(large.type());
    }
    if (spec.getTypeNameSpec() instanceof SqlCollectionTypeNameSpec collection) {
      return array(spec, collection);
    }
    if (spec.getTypeNameSpec() instanceof IntervalTypeNameSpec interval) {
      return interval(spec, interval.fields());
    }
    if (spec.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec) {
      throw new SqlFailure(
          State.OBJECT_NOT_FOUND, at(spec) + "type " + spec.getTypeName() + " not found");
    }
    SqlType.Name name = NAMES.get(spec.getTypeName().getSimple());
    if (name == null || !(spec.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, at(spec) + "columns of type " + spec + " are not supported");
    }
    return switch (name) {
      case DECIMAL -> decimal(spec, basic);
      case CHAR, BINARY -> new SqlType(name, length(spec, basic, 1), 0);
      case VARCHAR, VARBINARY -> new SqlType(name, length(spec, basic, SqlType.UNBOUNDED), 0);
      case TIME, TIMESTAMP, TIMESTAMP_TZ -> new SqlType(name, fraction(spec, basic), 0);
      default -> SqlType.of(name);
    };
  }

  private static SqlType array(SqlDataTypeSpec spec, SqlCollectionTypeNameSpec collection) {
    SqlType element =
        of(new SqlDataTypeSpec(collection.getElementTypeName(), spec.getParserPosition()));
    boolean carried = element.name().isLarge() || element.name() == SqlType.Name.JSON;
    boolean array = collection.getTypeName().getSimple().equals(SqlTypeName.ARRAY.name());
    if (carried || !array) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, at(spec) + "columns of type " + spec + " are not supported");
    }
    int depth = 1;
    for (SqlType inner = element; inner.name() == SqlType.Name.ARRAY; depth++) {
      inner = inner.elementType();
    }
    checkBetween(spec, depth, 1, SqlType.ARRAY_DEPTH_MAX, "levels");
    int cardinality =
        collection instanceof ArrayTypeNameSpec bounded
            ? bounded.cardinalityMax()
            : SqlType.UNBOUNDED;
    if (cardinality != SqlType.UNBOUNDED) {
      checkBetween(spec, cardinality, 1, Integer.MAX_VALUE, "elements");
    }
    return SqlType.array(element, cardinality);
  }

  private static SqlType interval(SqlDataTypeSpec spec, SqlIntervalQualifier given) {
    Field first;
    Field last;
    try {
      first = Field.valueOf(given.getStartUnit().name());
      last = given.getEndUnit() == null ? first : Field.valueOf(given.getEndUnit().name());
    } catch (IllegalArgumentException e) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          at(spec) + "an interval has fields from YEAR TO MONTH or DAY TO SECOND, not " + given,
          e);
    }
    int digits = orElse(given.getStartPrecisionPreservingDefault(), IntervalFields.DIGITS_MAX);
    int fraction = 0;
    if (last == Field.SECOND) {
      fraction =
          orElse(given.getFractionalSecondPrecisionPreservingDefault(), IntervalFields.FRACTION);
      checkBetween(
          spec, fraction, 0, IntervalFields.FRACTION_MAX, "digits of a fraction of a second");
    }
    checkBetween(spec, digits, 1, IntervalFields.DIGITS_MAX, "digits of its first field");
    return new IntervalFields(first, last, fraction).type(digits);
  }

  private static int orElse(int given, int otherwise) {
    return given == RelDataType.PRECISION_NOT_SPECIFIED ? otherwise : given;
  }

  private static SqlType decimal(SqlDataTypeSpec spec, SqlBasicTypeNameSpec basic) {
    int precision = basic.getPrecision();
    if (precision < 0) {
      return new SqlType(SqlType.Name.DECIMAL, DECIMAL_DIGITS_MAX, DECIMAL_SCALE);
    }
    int scale = basic.getScale() == Integer.MIN_VALUE ? 0 : basic.getScale();
    checkBetween(spec, precision, 1, DECIMAL_DIGITS_MAX, "digits");
    checkBetween(spec, scale, 0, precision, "digits behind the point");
    return new SqlType(SqlType.Name.DECIMAL, precision, scale);
  }

  private static int length(SqlDataTypeSpec spec, SqlBasicTypeNameSpec basic, int otherwise) {
    if (basic.getPrecision() < 0) {
      return otherwise;
    }
    checkBetween(spec, basic.getPrecision(), 1, Integer.MAX_VALUE, "as length");
    return basic.getPrecision();
  }

  private static int fraction(SqlDataTypeSpec spec, SqlBasicTypeNameSpec basic) {
    if (basic.getPrecision() < 0) {
      return SqlType.UNBOUNDED;
    }
    checkBetween(
        spec, basic.getPrecision(), 0, FRACTION_DIGITS_MAX, "digits of a fraction of a second");
    return basic.getPrecision();
  }

  private static void checkBetween(
      SqlDataTypeSpec spec, int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          at(spec) + spec + " has " + value + " " + what + ", not " + least + " to " + most);
    }
  }

  private static String at(SqlDataTypeSpec spec) {
    return SyntaxErrors.at(spec.getParserPosition());
  }
}
