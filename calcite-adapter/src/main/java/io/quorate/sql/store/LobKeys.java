package io.quorate.sql.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where large values lie in the store.
 *
 * <pre>
 * table 1, chunks     id 8 bytes, number 4 bytes, from 0  →  65,536 bytes, the last one fewer
 * table 2, register   01, id 8 bytes                      →  bytes 8 bytes, whole 1 byte: staged
 *                     02, table 4 bytes, id 8 bytes       →  00: in a row of the table
 *                     03, id 8 bytes                      →  00: in no row any more
 *                     04, table 4 bytes                   →  00: the table is gone
 * </pre>
 *
 * <p>A value is staged while it comes in, then in a row, then in none; the register says which, in
 * the very command of the log that changes it, and whoever cleans up goes by the register alone.
 */
public final class LobKeys {
  /** The store table of the chunks. */
  public static final int CHUNKS = 1;

  /** The store table that says what becomes of each value. */
  public static final int REGISTER = 2;

  public static final int CHUNK_BYTES = 64 << 10;

  /** Up to here a value lies in its row, where it costs nothing more than a VARBINARY does. */
  public static final int INLINE_BYTES_MAX = 8 << 10;

  /** The mark of what only has to be there. */
  public static final Row PRESENT = Row.wrap(new byte[] {0});

  private static final int STAGED = 1;
  private static final int LIVE = 2;
  private static final int DEAD = 3;
  private static final int TABLE_GONE = 4;

  private LobKeys() {}

  public static RowKey chunk(long id, int number) {
    return RowKey.wrap(
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(id).putInt(number).array());
  }

  /** The least key above all chunks of a value. */
  public static RowKey afterChunks(long id) {
    return after(chunk(id, -1));
  }

  private static RowKey after(RowKey key) {
    byte[] bytes = key.unsafeBytes();
    return RowKey.wrap(Arrays.copyOf(bytes, bytes.length + 1));
  }

  /** Bytes of a value from {@code offset} on: as many as are wanted, or as there are. */
  public static byte[] read(ReadView view, long id, long offset, int countMax) {
    byte[] target = new byte[countMax];
    int count = 0;
    while (count < countMax) {
      long at = offset + count;
      int within = (int) (at % CHUNK_BYTES);
      Optional<Row> chunk = view.find(CHUNKS, chunk(id, Math.toIntExact(at / CHUNK_BYTES)));
      int left = chunk.isPresent() ? chunk.get().unsafeBytes().length - within : 0;
      if (left <= 0) {
        break;
      }
      int taken = Math.min(left, countMax - count);
      System.arraycopy(chunk.get().unsafeBytes(), within, target, count, taken);
      count += taken;
    }
    return count == countMax ? target : Arrays.copyOf(target, count);
  }

  public static RowKey staged(long id) {
    return name(STAGED, id);
  }

  public static RowKey live(int table, long id) {
    return RowKey.wrap(
        ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES)
            .put((byte) LIVE)
            .putInt(table)
            .putLong(id)
            .array());
  }

  /** The least key above all that {@link #live} makes for a table. */
  public static RowKey afterLive(int table) {
    return after(live(table, -1));
  }

  public static RowKey dead(long id) {
    return name(DEAD, id);
  }

  private static RowKey name(int kind, long id) {
    return RowKey.wrap(ByteBuffer.allocate(1 + Long.BYTES).put((byte) kind).putLong(id).array());
  }

  public static RowKey tableGone(int table) {
    return RowKey.wrap(
        ByteBuffer.allocate(1 + Integer.BYTES).put((byte) TABLE_GONE).putInt(table).array());
  }

  /** The kinds of entries of the register that are worked off. */
  public enum Kind {
    STAGED(LobKeys.STAGED),
    DEAD(LobKeys.DEAD),
    TABLE_GONE(LobKeys.TABLE_GONE);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** The least key that an entry of the kind may have. */
    public RowKey from() {
      return RowKey.wrap(new byte[] {(byte) number});
    }

    /** The least key above those of all entries of the kind. */
    public RowKey to() {
      return RowKey.wrap(new byte[] {(byte) (number + 1)});
    }
  }

  /** The value's id in a key of {@link #staged}, {@link #live} or {@link #dead}. */
  public static long id(RowKey key) {
    byte[] bytes = key.unsafeBytes();
    return ByteBuffer.wrap(bytes).getLong(bytes.length - Long.BYTES);
  }

  /** The table in a key of {@link #tableGone}. */
  public static int table(RowKey key) {
    return ByteBuffer.wrap(key.unsafeBytes()).getInt(1);
  }

  /**
   * How far a staged value has come.
   *
   * @param whole whether nothing more comes
   */
  public record Staged(long byteCount, boolean whole) {
    public Row encode() {
      return Row.wrap(
          ByteBuffer.allocate(Long.BYTES + 1)
              .putLong(byteCount)
              .put((byte) (whole ? 1 : 0))
              .array());
    }

    public static Staged decode(Row row) {
      ByteBuffer bytes = ByteBuffer.wrap(row.unsafeBytes());
      return new Staged(bytes.getLong(), bytes.get() != 0);
    }
  }
}
