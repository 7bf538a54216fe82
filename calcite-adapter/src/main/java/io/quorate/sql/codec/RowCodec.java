package io.quorate.sql.codec;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes, each column to be read without the others. Immutable.
 *
 * <pre>
 * version   1 byte, 1; plus 80 where offsets take four bytes instead of two
 * columns   2 bytes, how many the table had when the row was written
 * nulls     1 bit a column, lowest first
 * ends      2 or 4 bytes a column: where its value ends, counted from the first value
 * values    one behind the other
 * </pre>
 *
 * A column that the table got later is read as NULL; one that it no longer knows is passed over.
 */
public final class RowCodec {
  private static final int VERSION = 1;
  private static final int WIDE = 0x80;
  private static final int FIRST_NULLS = 3;
  private static final int NARROW_END_MAX = 0xFFFF;

  private final SqlType[] types;

  public RowCodec(List<SqlType> types) {
    this.types = types.toArray(SqlType[]::new);
  }

  public static RowCodec of(TableDef table) {
    return new RowCodec(table.columns().stream().map(ColumnDef::type).toList());
  }

  public Row encode(@Nullable Object[] values) {
    if (values.length != types.length) {
      throw new IllegalArgumentException(types.length + " columns, " + values.length + " values");
    }
    Bytes data = new Bytes(32 + 8 * values.length);
    int[] ends = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null) {
        RowColumns.put(data, types[i], value);
      }
      ends[i] = data.length();
    }
    boolean wide = data.length() > NARROW_END_MAX;
    int width = wide ? Integer.BYTES : Short.BYTES;
    int nulls = nullBytes(values.length);
    Bytes row = new Bytes(FIRST_NULLS + nulls + width * values.length + data.length());
    row.put(wide ? VERSION | WIDE : VERSION);
    row.putBigEndian(values.length, Short.BYTES);
    putNulls(row, values);
    for (int end : ends) {
      row.putBigEndian(end, width);
    }
    row.put(data.toArray());
    return Row.wrap(row.toArray());
  }

  private static void putNulls(Bytes row, @Nullable Object[] values) {
    for (int from = 0; from < values.length; from += Byte.SIZE) {
      int bits = 0;
      for (int i = from; i < Math.min(values.length, from + Byte.SIZE); i++) {
        bits |= values[i] == null ? 1 << (i - from) : 0;
      }
      row.put(bits);
    }
  }

  private static int nullBytes(int columns) {
    return (columns + Byte.SIZE - 1) / Byte.SIZE;
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
    long place = place(bytes, column);
    return place < 0
        ? null
        : RowColumns.value(types[column], bytes, (int) (place >>> Integer.SIZE), (int) place);
  }

  /**
   * One column in the form that Calcite's generated code computes with: DATE as days, TIME and
   * TIMESTAMP as milliseconds, binary as ByteString, the rest as outside.
   */
  public @Nullable Object internal(Row row, int column) {
    byte[] bytes = row.unsafeBytes();
    long place = place(bytes, column);
    return place < 0
        ? null
        : RowColumns.internal(types[column], bytes, (int) (place >>> Integer.SIZE), (int) place);
  }

  /** Start of the value in the upper half, its length in the lower; negative where it is NULL. */
  private static long place(byte[] row, int column) {
    int columns = (row[1] & 0xFF) << Byte.SIZE | (row[2] & 0xFF);
    if (column >= columns
        || (row[FIRST_NULLS + column / Byte.SIZE] & 1 << column % Byte.SIZE) != 0) {
      return -1;
    }
    int width = row[0] < 0 ? Integer.BYTES : Short.BYTES;
    int ends = FIRST_NULLS + nullBytes(columns);
    int start = column == 0 ? 0 : (int) Bytes.bigEndian(row, ends + (column - 1) * width, width);
    int end = (int) Bytes.bigEndian(row, ends + column * width, width);
    return (long) (ends + columns * width + start) << Integer.SIZE | (end - start);
  }
}
