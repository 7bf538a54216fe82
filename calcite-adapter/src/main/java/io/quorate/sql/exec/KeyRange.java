package io.quorate.sql.exec;

import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys with {@code from} ≤ key &lt; {@code to}. */
public record KeyRange(RowKey from, RowKey to) {

  /** What all keys of a range begin with. Confined to one thread. */
  static final class Leading {
    private final KeyCodec codec;
    private final @Nullable Object[] values;
    private final int column;
    private final byte[] prefix;

    /**
     * @param values those of the leading columns, and a place for one more
     * @param column the ordinal of that one
     * @param prefix the key of the leading columns
     */
    Leading(KeyCodec codec, @Nullable Object[] values, int column, byte[] prefix) {
      this.codec = codec;
      this.values = values;
      this.column = column;
      this.prefix = prefix;
    }

    private byte[] with(KeyValue value) {
      values[column] = value.value();
      return codec.prefix(values, column + 1);
    }
  }

  /** The value at one end. */
  record Limit(KeyValue value, boolean inclusive) {}

  /** The keys whose next column lies between two limits; null when none can. */
  static @Nullable KeyRange of(Leading leading, Optional<Limit> lower, Optional<Limit> upper) {
    boolean descending = leading.codec.isDescending(leading.column);
    RowKey from = leading.codec.valuesFrom(leading.prefix, leading.column);
    RowKey to = leading.codec.valuesTo(leading.prefix, leading.column);
    if (lower.isPresent()) {
      KeyValue value = lower.get().value;
      if (value.isNull() || value.isAboveAll()) {
        return null;
      }
      if (!value.isBelowAll()) {
        byte[] key = leading.with(value);
        boolean inside = value.isExact() ? lower.get().inclusive : value.isRoundedUp();
        if (descending) {
          to = end(key, inside);
        } else {
          from = start(key, inside);
        }
      }
    }
    if (upper.isPresent()) {
      KeyValue value = upper.get().value;
      if (value.isNull() || value.isBelowAll()) {
        return null;
      }
      if (!value.isAboveAll()) {
        byte[] key = leading.with(value);
        boolean inside = value.isExact() ? upper.get().inclusive : !value.isRoundedUp();
        if (descending) {
          from = start(key, inside);
        } else {
          to = end(key, inside);
        }
      }
    }
    return new KeyRange(from, to);
  }

  private static RowKey start(byte[] key, boolean inside) {
    return inside ? RowKey.wrap(key) : KeyCodec.after(key);
  }

  private static RowKey end(byte[] key, boolean inside) {
    return inside ? KeyCodec.after(key) : RowKey.wrap(key);
  }

  /** The same keys in ranges that are in ascending order and do not overlap. */
  public static List<KeyRange> merge(List<KeyRange> ranges) {
    List<KeyRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(KeyRange::from));
    List<KeyRange> merged = new ArrayList<>();
    for (KeyRange range : sorted) {
      KeyRange last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last == null || range.from.compareTo(last.to) > 0) {
        merged.add(range);
      } else if (range.to.compareTo(last.to) > 0) {
        merged.set(merged.size() - 1, new KeyRange(last.from, range.to));
      }
    }
    return merged;
  }
}
