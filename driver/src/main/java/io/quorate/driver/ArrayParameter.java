package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.WireType;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays that an application gives, of whatever class, as the lists that travel. */
final class ArrayParameter {
  private ArrayParameter() {}

  /** Of a {@link Array}, a list, or an array of Java other than bytes. */
  static List<?> of(Object value) throws SQLException {
    if (value instanceof QuorateArray) {
      return ((QuorateArray) value).elements();
    }
    if (value instanceof Array) {
      return of(((Array) value).getArray());
    }
    List<@Nullable Object> taken = new ArrayList<>();
    if (value instanceof List) {
      for (Object element : (List<?>) value) {
        taken.add(element(element));
      }
    } else {
      for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) {
        taken.add(element(java.lang.reflect.Array.get(value, i)));
      }
    }
    requireOneType(taken);
    return Collections.unmodifiableList(taken);
  }

  private static @Nullable Object element(@Nullable Object value) throws SQLException {
    Object element = ParameterValues.of(value);
    if (element instanceof LargeParameter) {
      throw SqlExceptions.of(
          ErrorCode.NOT_SUPPORTED, "an array with large values is not supported");
    }
    return element;
  }

  private static void requireOneType(List<@Nullable Object> elements) throws SQLException {
    WireType type = WireType.NULL;
    for (Object element : elements) {
      WireType own = WireType.ofValue(element);
      if (own != WireType.NULL && type != WireType.NULL && own != type) {
        throw SqlExceptions.of(
            ErrorCode.INVALID_PARAMETER, "an array has elements of type " + type + " and " + own);
      }
      type = own == WireType.NULL ? type : own;
    }
  }
}
