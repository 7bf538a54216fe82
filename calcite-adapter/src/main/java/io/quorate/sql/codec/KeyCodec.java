package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.store.RowKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys in memory-comparable form: the unsigned order of the bytes is the ascending order of the
 * values, or the descending one where a column says so, column by column, with <b>NULL after every
 * value</b>, as ORDER BY has it. Immutable.
 *
 * <p>A column is a byte, {@code 01} before a value and {@code 02} for NULL, and then:
 *
 * <pre>
 * BOOLEAN                     1 byte
 * TINYINT .. BIGINT, DATE     1, 2, 4, 8, 4 bytes, big-endian, sign bit turned
 * REAL, DOUBLE                their IEEE bits; all turned when negative, else the sign; NaN is last
 * DECIMAL                     sign, exponent, pairs of digits, 00; without trailing zeros
 * CHAR, VARCHAR               UTF-8, 00 as 00 FF, then 00 01
 * BINARY, VARBINARY           likewise
 * TIME                        8 bytes, nanoseconds of the day
 * TIMESTAMP                   8 bytes of seconds, sign bit turned, and 4 of nanoseconds; with a time
 *                             zone likewise, in UTC
 * INTERVAL                    of months 4 bytes, sign bit turned; of days and times as TIMESTAMP
 * UUID                        16 bytes
 * </pre>
 *
 * Of a column in descending order all bits of that are turned, so that its greatest value comes
 * first and NULL before it: {@code fe} stands before a value and {@code fd} for NULL.
 *
 * <p>No value's form is the beginning of another's of its type, so that columns can be put one
 * behind the other, and a key of some leading columns is a prefix of all keys that begin with them.
 */
public final class KeyCodec {
  /** Above the first byte of any column. */
  private static final int ABOVE = 0xFF;

  private final List<SqlType> types;
  private final Set<Integer> descending;

  /** Of columns in ascending order. */
  public KeyCodec(List<SqlType> types) {
    this(types, Set.of());
  }

  /**
   * @param descending the columns in descending order, from 0
   */
  public KeyCodec(List<SqlType> types, Set<Integer> descending) {
    this.types = List.copyOf(types);
    this.descending = Set.copyOf(descending);
  }

  public boolean isDescending(int column) {
    return descending.contains(column);
  }

  /** The key of all columns. */
  public RowKey encode(@Nullable Object[] values) {
    if (values.length != types.size()) {
      throw new IllegalArgumentException(types.size() + " columns, " + values.length + " values");
    }
    return RowKey.wrap(prefix(values, values.length));
  }

  /** The bytes with which every key begins that has these values in its first columns. */
  public byte[] prefix(@Nullable Object[] values, int count) {
    Bytes bytes = new Bytes(16 * count);
    for (int i = 0; i < count; i++) {
      int start = bytes.length();
      KeyColumns.put(bytes, types.get(i), values[i]);
      if (isDescending(i)) {
        bytes.complement(start);
      }
    }
    return bytes.toArray();
  }

  /** The values of the columns; what stands behind them is not looked at. */
  public @Nullable Object[] decode(RowKey key) {
    KeyReader reader = new KeyReader(key.unsafeBytes());
    @Nullable Object[] values = new @Nullable Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = reader.next(types.get(i), isDescending(i));
    }
    return values;
  }

  /** Where the columns end in {@code key} and, in an index, the primary key begins. */
  public int length(byte[] key) {
    KeyReader reader = new KeyReader(key);
    for (int i = 0; i < types.size(); i++) {
      reader.skip(types.get(i), isDescending(i));
    }
    return reader.position();
  }

  /** The least key above all that begin with {@code prefix}; an exclusive end of a range. */
  public static RowKey after(byte[] prefix) {
    return with(prefix, ABOVE);
  }

  /** Where the keys begin whose next column, behind {@code prefix}, has a value and not NULL. */
  public RowKey valuesFrom(byte[] prefix, int column) {
    return isDescending(column) ? with(prefix, ~KeyColumns.VALUE) : RowKey.wrap(prefix);
  }

  /** Where these keys end, exclusively. */
  public RowKey valuesTo(byte[] prefix, int column) {
    return isDescending(column) ? after(prefix) : with(prefix, KeyColumns.NULL);
  }

  private static RowKey with(byte[] prefix, int next) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + 1);
    key[prefix.length] = (byte) next;
    return RowKey.wrap(key);
  }
}
