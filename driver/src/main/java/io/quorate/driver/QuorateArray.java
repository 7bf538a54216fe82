package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An array of a result, or one that the application makes. Its elements do not change. */
final class QuorateArray implements Array {
  private static final Map<String, WireType> OTHER_NAMES =
      Map.of(
          "INT", WireType.INTEGER,
          "NUMERIC", WireType.DECIMAL,
          "FLOAT", WireType.DOUBLE,
          "DOUBLE PRECISION", WireType.DOUBLE,
          "CHARACTER", WireType.CHAR,
          "CHARACTER VARYING", WireType.VARCHAR,
          "TEXT", WireType.VARCHAR,
          "BINARY VARYING", WireType.VARBINARY);

  private final WireType type;
  private final Opener opener;
  private @Nullable List<?> elements;

  /** Makes a result of rows. */
  interface Opener {
    ResultSet open(Signature signature, List<@Nullable Object[]> rows) throws SQLException;
  }

  /**
   * An array.
   *
   * @param type of the elements; of arrays of arrays of the innermost
   * @param elements in the classes that travel
   */
  QuorateArray(WireType type, List<?> elements, Opener opener) {
    this.type = type;
    this.elements = elements;
    this.opener = opener;
  }

  /** One of the application's. */
  static QuorateArray of(String typeName, Object[] elements) throws SQLException {
    WireType type = type(typeName);
    List<@Nullable Object> taken = taken(type, elements);
    return new QuorateArray(
        type,
        taken,
        (signature, rows) -> {
          throw SqlExceptions.of(
              ErrorCode.NOT_SUPPORTED, "only an array of a result is read as a ResultSet");
        });
  }

  private static WireType type(String typeName) throws SQLException {
    String name = typeName.trim().toUpperCase(Locale.ROOT);
    WireType other = OTHER_NAMES.get(name);
    if (other != null) {
      return other;
    }
    for (WireType type : WireType.values()) {
      boolean element =
          type != WireType.BLOB
              && type != WireType.CLOB
              && type != WireType.JSON
              && type != WireType.ARRAY
              && type != WireType.NULL;
      if (element && type.name().equals(name)) {
        return type;
      }
    }
    throw SqlExceptions.of(
        ErrorCode.NOT_SUPPORTED, "an array of type \"" + typeName + "\" is not supported");
  }

  private static List<@Nullable Object> taken(WireType type, Object[] elements)
      throws SQLException {
    List<@Nullable Object> taken = new ArrayList<>(elements.length);
    for (Object element : elements) {
      taken.add(
          element instanceof Object[]
              ? taken(type, (Object[]) element)
              : ParameterValues.of(element, ResultShape.jdbcType(type), -1));
    }
    return Collections.unmodifiableList(taken);
  }

  /** In the classes that travel. */
  List<?> elements() throws SQLException {
    if (elements == null) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "the array is freed");
    }
    return elements;
  }

  @Override
  public String getBaseTypeName() throws SQLException {
    elements();
    return type.name();
  }

  @Override
  public int getBaseType() throws SQLException {
    elements();
    return ResultShape.jdbcType(type);
  }

  @Override
  public Object getArray() throws SQLException {
    return array(elements());
  }

  @Override
  public Object getArray(@Nullable Map<String, Class<?>> map) throws SQLException {
    return getArray();
  }

  @Override
  public Object getArray(long index, int count) throws SQLException {
    return array(part(index, count));
  }

  @Override
  public Object getArray(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    return getArray(index, count);
  }

  /** From the element of this number on, the first of which is 1, at most so many. */
  private List<?> part(long index, int count) throws SQLException {
    List<?> all = elements();
    if (index < 1 || index > all.size() + 1L || count < 0) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "the array has no " + count + " elements from " + index + ", there are " + all.size());
    }
    int from = (int) index - 1;
    return all.subList(from, (int) Math.min(all.size(), (long) from + count));
  }

  private Object array(List<?> values) throws SQLException {
    Object array = java.lang.reflect.Array.newInstance(elementClass(values), values.size());
    for (int i = 0; i < values.size(); i++) {
      java.lang.reflect.Array.set(array, i, element(values.get(i)));
    }
    return array;
  }

  private @Nullable Object element(@Nullable Object value) throws SQLException {
    if (value == null) {
      return null;
    }
    return value instanceof List ? array((List<?>) value) : Conversions.toJdbc(value);
  }

  /** Arrays in an array may be of different depths where some are empty. */
  private Class<?> elementClass(List<?> values) {
    return values.stream().anyMatch(List.class::isInstance)
        ? Object.class
        : ResultShape.jdbcClass(type);
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    return rows(1, elements());
  }

  @Override
  public ResultSet getResultSet(@Nullable Map<String, Class<?>> map) throws SQLException {
    return getResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count) throws SQLException {
    return rows(index, part(index, count));
  }

  @Override
  public ResultSet getResultSet(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    return getResultSet(index, count);
  }

  private ResultSet rows(long first, List<?> values) throws SQLException {
    boolean nested = values.stream().anyMatch(List.class::isInstance);
    WireColumn value = WireColumn.computed("VALUE", type);
    Signature signature =
        new Signature(
            List.of(
                WireColumn.computed("INDEX", WireType.BIGINT),
                nested ? value.ofElements(type) : value));
    List<@Nullable Object[]> rows = new ArrayList<>(values.size());
    for (Object each : values) {
      rows.add(new @Nullable Object[] {first + rows.size(), each});
    }
    return opener.open(signature, rows);
  }

  @Override
  public void free() {
    elements = null;
  }

  @Override
  public String toString() {
    return elements == null ? "freed" : Conversions.toText(elements);
  }
}
