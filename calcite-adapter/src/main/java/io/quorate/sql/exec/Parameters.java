package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of the question marks. */
public final class Parameters {
  private Parameters() {}

  /** The context's values, each of the class that its type in the plan names. */
  public static List<@Nullable Object> convert(
      List<ResultColumn> types, List<@Nullable Object> values) {
    requireCount(types.size(), values.size());
    List<@Nullable Object> converted = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      Object value = values.get(i);
      converted.add(value == null ? null : convert(value, types.get(i).type()));
    }
    return Collections.unmodifiableList(converted);
  }

  /** Blanks at the end of a CHAR count for nothing, and no other place would take them away. */
  private static Object convert(Object value, SqlType type) {
    Object converted = Conversion.convert(value, type);
    return type.name() == SqlType.Name.CHAR
        ? Conversion.stripBlanks((String) converted, 0)
        : converted;
  }

  /**
   * Refuses a statement whose parameters are not all set.
   *
   * @param count how many it has
   */
  public static void requireCount(int count, int set) {
    if (set < count) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          "the statement has " + count + " parameters, " + set + " are set");
    }
  }
}
