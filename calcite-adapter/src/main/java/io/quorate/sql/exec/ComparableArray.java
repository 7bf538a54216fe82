package io.quorate.sql.exec;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array where generated code asks for a {@link Comparable}, in the order of {@link
 * Values#compare}. Immutable; public because generated code calls it.
 */
public final class ComparableArray extends AbstractList<@Nullable Object>
    implements Comparable<ComparableArray> {
  private final List<? extends @Nullable Object> elements;

  private ComparableArray(List<? extends @Nullable Object> elements) {
    this.elements = elements;
  }

  /** The same array; null for NULL. */
  public static @Nullable ComparableArray of(@Nullable List<?> elements) {
    return elements == null ? null : new ComparableArray(elements);
  }

  @Override
  public @Nullable Object get(int index) {
    return elements.get(index);
  }

  @Override
  public int size() {
    return elements.size();
  }

  @Override
  public int compareTo(ComparableArray other) {
    return Values.compare(elements, other.elements);
  }
}
