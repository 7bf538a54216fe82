package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes: for each row a bit for every column, set where it is NULL, and then the values of
 * the others. Immutable.
 */
public final class RowBlock {
  public static final RowBlock NONE = new RowBlock(0, new WireReader(new byte[0]));

  private final int rowCount;
  private final WireReader encoded;

  private RowBlock(int rowCount, WireReader encoded) {
    this.rowCount = rowCount;
    this.encoded = encoded;
  }

  /**
   * Encodes rows from index {@code from} on: all of them, or as many as {@link
   * WireLimits#ROW_BLOCK_BYTES} hold, yet at least one if there is one. The caller keeps the others
   * and sends them when they are fetched.
   */
  public static RowBlock encode(Signature signature, List<@Nullable Object[]> rows, int from) {
    if (from >= rows.size()) {
      return NONE;
    }
    WireWriter writer = new WireWriter();
    int count = 0;
    for (int i = from; i < rows.size() && writer.length() < WireLimits.ROW_BLOCK_BYTES; i++) {
      int before = writer.length();
      writeRow(writer, signature, rows.get(i));
      if (writer.length() > WireLimits.ROW_BLOCK_BYTES && count > 0) {
        writer.truncate(before);
        break;
      }
      count++;
    }
    return new RowBlock(count, new WireReader(writer.array(), 0, writer.length()));
  }

  private static void writeRow(WireWriter writer, Signature signature, @Nullable Object[] row) {
    if (row.length != signature.size() || row.length == 0) {
      throw new ProtocolException(
          "a row of " + row.length + " values for " + signature.size() + " columns");
    }
    int nulls = writer.length();
    for (int i = 0; i < row.length; i += 8) {
      writer.octet(0);
    }
    for (int i = 0; i < row.length; i++) {
      Object value = row[i];
      if (value == null) {
        writer.orOctet(nulls + i / 8, 1 << (i % 8));
      } else {
        WireValues.write(writer, signature.type(i), value);
      }
    }
  }

  /**
   * The rows, anew at each call.
   *
   * @throws ProtocolException when the bytes are no rows of these columns
   */
  public List<@Nullable Object[]> decode(Signature signature) {
    int columns = signature.size();
    if (columns == 0 && rowCount > 0) {
      throw new ProtocolException("rows without columns");
    }
    List<@Nullable Object[]> rows = new ArrayList<>(rowCount);
    WireReader reader = encoded.duplicate();
    int[] nulls = new int[(columns + 7) / 8];
    for (int i = 0; i < rowCount; i++) {
      rows.add(readRow(reader, signature, nulls));
    }
    reader.end();
    return rows;
  }

  private static @Nullable Object[] readRow(WireReader reader, Signature signature, int[] nulls) {
    for (int i = 0; i < nulls.length; i++) {
      nulls[i] = reader.octet();
    }
    @Nullable Object[] row = new Object[signature.size()];
    for (int i = 0; i < row.length; i++) {
      if ((nulls[i / 8] & (1 << (i % 8))) == 0) {
        row[i] = WireValues.read(reader, signature.type(i));
      }
    }
    return row;
  }

  /** To be written last, for it has no length of its own. */
  void write(WireWriter writer) {
    writer.varint(rowCount);
    encoded.copyTo(writer);
  }

  static RowBlock read(WireReader reader) {
    int count = reader.items(WireLimits.FRAME_BYTES_MAX);
    return new RowBlock(count, reader.rest());
  }

  public int rowCount() {
    return rowCount;
  }
}
