package io.quorate.sql.statistics;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.statistics.ColumnStatistics.Common;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statistics as a row of the store. Pure functions.
 *
 * <pre>
 * format   1 byte, 1
 * table    revision, when in milliseconds, row count, rows sampled: 8 bytes each
 * columns  their number, 4 bytes, then each:
 *          name (2 bytes of length, UTF-8), type 1 byte, row count 8 bytes,
 *          share of NULL and number of values as IEEE doubles,
 *          number of common values 4 bytes, each a key and its share as a double,
 *          number of bounds 4 bytes, each a key
 * key      2 bytes of length, bytes in memory-comparable form
 * </pre>
 */
public final class StatisticsCodec {
  private static final int FORMAT = 1;

  private StatisticsCodec() {}

  /** The row of a table. */
  public static Row encode(AnalyzedTable table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(table.revision());
      out.writeLong(table.analyzedMillis());
      out.writeLong(table.rowCount());
      out.writeLong(table.sampled());
      out.writeInt(table.columns().size());
      for (ColumnStatistics column : table.columns()) {
        write(out, column);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Row.wrap(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, ColumnStatistics column) throws IOException {
    out.writeUTF(column.column());
    out.writeByte(column.type().number());
    out.writeLong(column.rowCount());
    out.writeDouble(column.nullShare());
    out.writeDouble(column.distinct());
    out.writeInt(column.common().size());
    for (Common each : column.common()) {
      write(out, each.value());
      out.writeDouble(each.share());
    }
    out.writeInt(column.bounds().size());
    for (RowKey each : column.bounds()) {
      write(out, each);
    }
  }

  private static void write(DataOutputStream out, RowKey key) throws IOException {
    out.writeShort(key.unsafeBytes().length);
    out.write(key.unsafeBytes());
  }

  /**
   * Statistics from their row; empty when a later version of the program has written them, for a
   * node can do without.
   *
   * @throws UncheckedIOException when they are damaged
   */
  public static Optional<AnalyzedTable> decode(Row row) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row.unsafeBytes()))) {
      if (in.readByte() != FORMAT) {
        return Optional.empty();
      }
      long revision = in.readLong();
      long analyzedMillis = in.readLong();
      long rowCount = in.readLong();
      long sampled = in.readLong();
      List<ColumnStatistics> columns = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        readColumn(in).ifPresent(columns::add);
      }
      return Optional.of(new AnalyzedTable(revision, analyzedMillis, rowCount, sampled, columns));
    } catch (IOException e) {
      throw new UncheckedIOException("damaged statistics", e);
    }
  }

  private static Optional<ColumnStatistics> readColumn(DataInputStream in) throws IOException {
    String name = in.readUTF();
    Optional<SqlType.Name> type = type(in.readByte());
    long rowCount = in.readLong();
    double nullShare = in.readDouble();
    double distinct = in.readDouble();
    List<Common> common = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      RowKey value = readKey(in);
      common.add(new Common(value, in.readDouble()));
    }
    List<RowKey> bounds = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      bounds.add(readKey(in));
    }
    return type.map(
        known -> new ColumnStatistics(name, known, rowCount, nullShare, distinct, common, bounds));
  }

  private static RowKey readKey(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readUnsignedShort()];
    in.readFully(bytes);
    return RowKey.wrap(bytes);
  }

  private static Optional<SqlType.Name> type(int number) {
    for (SqlType.Name name : SqlType.Name.values()) {
      if (name.number() == number) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }
}
