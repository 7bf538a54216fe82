package io.quorate.sql.codec;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.RowLayout;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowFilter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes, each column to be read without the others. Immutable.
 *
 * <pre>
 * version   1 byte, 1; plus 80 where offsets take four bytes instead of two
 * slots     2 bytes, how many the table had when the row was written
 * nulls     1 bit a slot, lowest first
 * ends      2 or 4 bytes a slot: where its value ends, counted from the first value
 * values    one behind the other
 * </pre>
 *
 * The {@link RowLayout} says which slot is which column's. A column that the table got later is
 * read as the layout has it for such rows; a slot whose column is gone is passed over, and written
 * as NULL.
 */
public final class RowCodec {
  private static final int VERSION = 1;
  private static final int WIDE = 0x80;
  private static final int FIRST_NULLS = 3;
  private static final int NARROW_END_MAX = 0xFFFF;

  private static final int NO_COLUMN = -1;
  static final long NULL = -1;
  private static final long ABSENT = -2;

  private final SqlType[] types;
  private final int[] slots;
  private final byte[] @Nullable [] missing;

  /** By slot, the ordinal of its column. */
  private final int[] columns;

  /** Of rows that have a slot for each column, in order. */
  public RowCodec(List<SqlType> types) {
    this(types, RowLayout.dense(types.size()));
  }

  private RowCodec(List<SqlType> types, RowLayout layout) {
    this.types = types.toArray(SqlType[]::new);
    this.slots = layout.slots().stream().mapToInt(Integer::intValue).toArray();
    this.missing = new byte[this.types.length] @Nullable [];
    this.columns = new int[layout.width()];
    Arrays.fill(columns, NO_COLUMN);
    for (int i = 0; i < slots.length; i++) {
      columns[slots[i]] = i;
      missing[i] = layout.missing(i).map(Row::unsafeBytes).orElse(null);
    }
  }

  public static RowCodec of(TableDef table) {
    return new RowCodec(table.columns().stream().map(ColumnDef::type).toList(), table.layout());
  }

  /** A value in the form that rows have it, for a {@link RowLayout}. */
  public static Row missing(SqlType type, Object value) {
    Bytes bytes = new Bytes(16);
    RowColumns.put(bytes, type, value);
    return Row.wrap(bytes.toArray());
  }

  public Row encode(@Nullable Object[] values) {
    if (values.length != types.length) {
      throw new IllegalArgumentException(types.length + " columns, " + values.length + " values");
    }
    Bytes data = new Bytes(32 + 8 * columns.length);
    int[] ends = new int[columns.length];
    for (int slot = 0; slot < ends.length; slot++) {
      Object value = inSlot(slot, values);
      if (value != null) {
        RowColumns.put(data, types[columns[slot]], value);
      }
      ends[slot] = data.length();
    }
    boolean wide = data.length() > NARROW_END_MAX;
    int width = wide ? Integer.BYTES : Short.BYTES;
    int nulls = nullBytes(ends.length);
    Bytes row = new Bytes(FIRST_NULLS + nulls + width * ends.length + data.length());
    row.put(wide ? VERSION | WIDE : VERSION);
    row.putBigEndian(ends.length, Short.BYTES);
    putNulls(row, values);
    for (int end : ends) {
      row.putBigEndian(end, width);
    }
    row.put(data.toArray());
    return Row.wrap(row.toArray());
  }

  private @Nullable Object inSlot(int slot, @Nullable Object[] values) {
    int column = columns[slot];
    return column == NO_COLUMN ? null : values[column];
  }

  private void putNulls(Bytes row, @Nullable Object[] values) {
    for (int from = 0; from < columns.length; from += Byte.SIZE) {
      int bits = 0;
      for (int slot = from; slot < Math.min(columns.length, from + Byte.SIZE); slot++) {
        bits |= inSlot(slot, values) == null ? 1 << (slot - from) : 0;
      }
      row.put(bits);
    }
  }

  private static int nullBytes(int slots) {
    return (slots + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** All columns, as objects of the classes that their types name. */
  public @Nullable Object[] decode(Row row) {
    @Nullable Object[] values = new @Nullable Object[types.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(row, i);
    }
    return values;
  }

  /** One column, as an object of the class that its type names. */
  public @Nullable Object value(Row row, int column) {
    byte[] bytes = row.unsafeBytes();
    long place = place(bytes, slots[column]);
    if (place >= 0) {
      return RowColumns.value(types[column], bytes, (int) (place >>> Integer.SIZE), (int) place);
    }
    byte[] instead = place == ABSENT ? missing[column] : null;
    return instead == null ? null : RowColumns.value(types[column], instead, 0, instead.length);
  }

  /**
   * One column in the form that Calcite's generated code computes with: DATE as days, TIME and
   * TIMESTAMP as milliseconds, binary as ByteString, the rest as outside.
   */
  public @Nullable Object internal(Row row, int column) {
    byte[] bytes = row.unsafeBytes();
    long place = place(bytes, slots[column]);
    if (place >= 0) {
      return RowColumns.internal(types[column], bytes, (int) (place >>> Integer.SIZE), (int) place);
    }
    byte[] instead = place == ABSENT ? missing[column] : null;
    return instead == null ? null : RowColumns.internal(types[column], instead, 0, instead.length);
  }

  /** Keeps the rows that satisfy all of the conditions, without decoding any. */
  public RowFilter filter(List<ColumnCondition<Object>> conditions) {
    RowTests.Test[] tests = new RowTests.Test[conditions.size()];
    for (int i = 0; i < tests.length; i++) {
      int column = conditions.get(i).column();
      tests[i] =
          new RowTests.Test(conditions.get(i), types[column], slots[column], missing[column]);
    }
    return new RowTests(tests);
  }

  /**
   * Start of the value in the upper half, its length in the lower; or {@link #NULL}, {@link
   * #ABSENT}.
   */
  static long place(byte[] row, int slot) {
    int slots = (row[1] & 0xFF) << Byte.SIZE | (row[2] & 0xFF);
    if (slot >= slots) {
      return ABSENT;
    }
    if ((row[FIRST_NULLS + slot / Byte.SIZE] & 1 << slot % Byte.SIZE) != 0) {
      return NULL;
    }
    int width = row[0] < 0 ? Integer.BYTES : Short.BYTES;
    int ends = FIRST_NULLS + nullBytes(slots);
    int start = slot == 0 ? 0 : (int) Bytes.bigEndian(row, ends + (slot - 1) * width, width);
    int end = (int) Bytes.bigEndian(row, ends + slot * width, width);
    return (long) (ends + slots * width + start) << Integer.SIZE | (end - start);
  }
}
