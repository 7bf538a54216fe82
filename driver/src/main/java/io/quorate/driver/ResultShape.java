package io.quorate.driver;

import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireType;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;

/** The columns of a result as Avatica's classes want them. Immutable; worth keeping. */
final class ResultShape {
  static final ResultShape NONE = new ResultShape(Signature.NONE);

  private static final String[] FIELDS = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  private static final int FRACTION_OF_FIELDS = 0xF;

  private final Signature signature;
  private final Meta.Signature avatica;

  ResultShape(Signature signature) {
    this.signature = signature;
    this.avatica = avatica(signature, List.of());
  }

  Signature signature() {
    return signature;
  }

  Meta.Signature avatica() {
    return avatica;
  }

  /** The same with parameters, for a statement that is prepared. */
  static Meta.Signature avatica(Signature signature, List<WireColumn> parameters) {
    List<ColumnMetaData> columns = new ArrayList<>(signature.size());
    for (WireColumn column : signature.columns()) {
      columns.add(column(columns.size(), column));
    }
    List<AvaticaParameter> avaticaParameters = new ArrayList<>(parameters.size());
    for (WireColumn parameter : parameters) {
      avaticaParameters.add(parameter(parameter));
    }
    return new Meta.Signature(
        columns, "", avaticaParameters, Map.of(), Meta.CursorFactory.ARRAY, null);
  }

  private static AvaticaParameter parameter(WireColumn parameter) {
    WireType type = parameter.type();
    return new AvaticaParameter(
        isNumeric(type),
        Math.max(0, parameter.precision()),
        scale(parameter),
        jdbcType(type),
        name(parameter),
        jdbcClass(type).getName(),
        parameter.label());
  }

  private static ColumnMetaData column(int ordinal, WireColumn column) {
    WireType type = column.type();
    boolean text = type == WireType.CHAR || type == WireType.VARCHAR || type == WireType.JSON;
    return new ColumnMetaData(
        ordinal,
        false,
        text,
        true,
        false,
        column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        isNumeric(type),
        displaySize(column),
        column.label(),
        column.column().isEmpty() ? column.label() : column.column(),
        column.schema(),
        precision(column),
        scale(column),
        column.table(),
        column.table().isEmpty() ? "" : QuorateConnection.CATALOG,
        ColumnMetaData.scalar(jdbcType(type), name(column), Rep.OBJECT),
        true,
        false,
        false,
        jdbcClass(type).getName());
  }

  private static boolean isNumeric(WireType type) {
    switch (type) {
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case DECIMAL:
      case REAL:
      case DOUBLE:
        return true;
      default:
        return false;
    }
  }

  private static int precision(WireColumn column) {
    if (column.precision() >= 0) {
      return column.precision();
    }
    switch (column.type()) {
      case TINYINT:
        return 3;
      case SMALLINT:
        return 5;
      case INTEGER:
        return 10;
      case BIGINT:
        return 19;
      case REAL:
        return 7;
      case DOUBLE:
        return 15;
      default:
        return 0;
    }
  }

  /** Digits behind the point; an interval keeps there what its fields are. */
  private static int scale(WireColumn column) {
    return isInterval(column.type()) ? column.scale() & FRACTION_OF_FIELDS : column.scale();
  }

  private static boolean isInterval(WireType type) {
    return type == WireType.INTERVAL_YEAR_MONTH || type == WireType.INTERVAL_DAY_TIME;
  }

  private static String name(WireColumn column) {
    if (column.type() == WireType.ARRAY) {
      return column.element() + " " + WireType.ARRAY;
    }
    if (column.type() == WireType.TIMESTAMP_TZ) {
      return "TIMESTAMP WITH TIME ZONE";
    }
    return isInterval(column.type()) ? "INTERVAL " + fields(column) : column.type().name();
  }

  /** As the server packs them: the first, the last and the digits of a fraction. */
  private static String fields(WireColumn column) {
    int packed = column.scale();
    if (packed == 0) {
      return column.type() == WireType.INTERVAL_YEAR_MONTH ? "YEAR TO MONTH" : "DAY TO SECOND";
    }
    String first = FIELDS[Math.min(packed >> 8 & 0xF, FIELDS.length - 1)];
    String last = FIELDS[Math.min(packed >> 4 & 0xF, FIELDS.length - 1)];
    return first.equals(last) ? first : first + " TO " + last;
  }

  private static int displaySize(WireColumn column) {
    int precision = precision(column);
    switch (column.type()) {
      case BOOLEAN:
        return 5;
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        return precision + 1;
      case DECIMAL:
        return (precision == 0 ? 38 : precision) + 2;
      case REAL:
        return 15;
      case DOUBLE:
        return 24;
      case DATE:
        return 10;
      case TIME:
        return 8 + fraction(column);
      case TIMESTAMP:
        return 19 + fraction(column);
      case TIMESTAMP_TZ:
        return 25 + fraction(column);
      case INTERVAL_YEAR_MONTH:
        return 14;
      case INTERVAL_DAY_TIME:
        return 30;
      case UUID:
        return 36;
      case BINARY:
      case VARBINARY:
        return precision == 0 ? Integer.MAX_VALUE : 2 * precision;
      case BLOB:
      case CLOB:
      case ARRAY:
      case JSON:
        return Integer.MAX_VALUE;
      case CHAR:
      case VARCHAR:
        return precision == 0 ? Integer.MAX_VALUE : precision;
      case NULL:
        return 4;
    }
    throw new IllegalStateException("unreachable: " + column);
  }

  private static int fraction(WireColumn column) {
    int digits = column.precision() < 0 ? 9 : column.precision();
    return digits == 0 ? 0 : digits + 1;
  }

  static int jdbcType(WireType type) {
    switch (type) {
      case BOOLEAN:
        return Types.BOOLEAN;
      case TINYINT:
        return Types.TINYINT;
      case SMALLINT:
        return Types.SMALLINT;
      case INTEGER:
        return Types.INTEGER;
      case BIGINT:
        return Types.BIGINT;
      case DECIMAL:
        return Types.DECIMAL;
      case REAL:
        return Types.REAL;
      case DOUBLE:
        return Types.DOUBLE;
      case CHAR:
        return Types.CHAR;
      case VARCHAR:
        return Types.VARCHAR;
      case BINARY:
        return Types.BINARY;
      case VARBINARY:
        return Types.VARBINARY;
      case DATE:
        return Types.DATE;
      case TIME:
        return Types.TIME;
      case TIMESTAMP:
        return Types.TIMESTAMP;
      case ARRAY:
        return Types.ARRAY;
      case TIMESTAMP_TZ:
        return Types.TIMESTAMP_WITH_TIMEZONE;
      case INTERVAL_YEAR_MONTH:
      case INTERVAL_DAY_TIME:
      case UUID:
      case JSON:
        return Types.OTHER;
      case BLOB:
        return Types.BLOB;
      case CLOB:
        return Types.CLOB;
      case NULL:
        return Types.NULL;
    }
    throw new IllegalStateException("unreachable: " + type);
  }

  /** Of what {@code getObject} gives without being asked for a class. */
  static Class<?> jdbcClass(WireType type) {
    switch (type) {
      case TINYINT:
      case SMALLINT:
        return Integer.class;
      case DATE:
        return java.sql.Date.class;
      case TIME:
        return java.sql.Time.class;
      case TIMESTAMP:
        return java.sql.Timestamp.class;
      case BLOB:
        return java.sql.Blob.class;
      case CLOB:
        return java.sql.Clob.class;
      case ARRAY:
        return java.sql.Array.class;
      default:
        return type.valueClass();
    }
  }
}
