package io.quorate.server.store;

import com.google.protobuf.ByteString;
import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.RowKey;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.zip.CRC32C;

/**
 * The rows of one revision, and the replica's entries beside them, as a stream of checked blocks;
 * {@code docs/formats.md} has the bytes. Equal content makes equal bytes, on every replica.
 */
public final class SnapshotStream {
  static final long MAGIC = 0x5152_4154_534e_4150L; // "QRATSNAP"
  static final int VERSION = 1;
  static final int ENTRIES = 1;
  static final int ROWS = 2;
  static final int END = 3;

  /** Large enough that its frame does not count, small enough to be read without a thought. */
  static final int BLOCK_BYTES = 64 << 10;

  private final OutputStream target;
  private final CRC32C overall = new CRC32C();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(BLOCK_BYTES);
  private final DataOutputStream fields = new DataOutputStream(body);
  private final SnapshotProof written = new SnapshotProof();
  private int count;
  private long rows;
  private long entryCount;
  private long blocks;

  private SnapshotStream(OutputStream target) {
    this.target = target;
  }

  /**
   * Writes {@code view} and {@code entries}, which are of the same revision; neither flushes nor
   * closes {@code target}.
   *
   * @throws StoreDamagedException when a row of the view is not what was written; the store shows
   *     none any more then
   */
  public static void write(StoreView view, Map<String, ByteString> entries, OutputStream target)
      throws IOException {
    SnapshotStream stream = new SnapshotStream(target);
    stream.header(view.revision());
    stream.entries(byName(entries));
    for (int table : view.tables()) {
      stream.rows(table, view.scan(table, Optional.empty(), Optional.empty()));
    }
    view.requireHash(stream.written.hash());
    stream.end();
  }

  /**
   * Reads a snapshot to its end and verifies all of it.
   *
   * @throws StoreDamagedException when it is not, to the last byte, what was written
   */
  public static Verified verify(InputStream source) throws IOException {
    Names names = new Names();
    long revision = new SnapshotReader(source, names).read();
    names.proof.requireSound();
    return new Verified(revision, names.entries);
  }

  /**
   * A snapshot that is whole.
   *
   * @param entries names of the replica's entries in it
   */
  public record Verified(long revision, Set<String> entries) {
    public Verified {
      entries = Set.copyOf(entries);
    }
  }

  /**
   * Replaces the store's content by the snapshot's. On damage the store has stopped, half loaded,
   * and opens as discarded; who wants to keep the old content verifies first.
   *
   * @return the snapshot's revision
   */
  public static long load(InputStream source, MvEngine engine) throws IOException {
    return load(source, engine, table -> true);
  }

  /**
   * As {@link #load(InputStream, MvEngine)}, without the rows of other tables.
   *
   * @param tables whose rows are wanted
   */
  public static long load(InputStream source, MvEngine engine, IntPredicate tables)
      throws IOException {
    try (Loading loading = new Loading(engine, tables)) {
      long revision = new SnapshotReader(source, loading).read();
      loading.finish();
      return revision;
    }
  }

  private void header(long revision) throws IOException {
    fields.writeLong(MAGIC);
    fields.writeInt(VERSION);
    fields.writeLong(revision);
    emit();
  }

  /** In the order of the names' bytes, which is not that of all strings. */
  private static SortedMap<RowKey, ByteString> byName(Map<String, ByteString> entries) {
    SortedMap<RowKey, ByteString> sorted = new TreeMap<>();
    entries.forEach(
        (name, value) -> sorted.put(RowKey.wrap(name.getBytes(StandardCharsets.UTF_8)), value));
    return sorted;
  }

  private void entries(SortedMap<RowKey, ByteString> entries) throws IOException {
    for (Map.Entry<RowKey, ByteString> entry : entries.entrySet()) {
      byte[] name = entry.getKey().unsafeBytes();
      byte[] value = entry.getValue().toByteArray();
      makeRoom(ENTRIES, name.length + value.length);
      if (count == 0) {
        blockHead(ENTRIES);
      }
      pair(name, value);
      entryCount++;
    }
    closeBlock();
  }

  private void rows(int table, RowCursor cursor) throws IOException {
    while (cursor.next()) {
      byte[] key = cursor.key().unsafeBytes();
      byte[] row = cursor.row().unsafeBytes();
      makeRoom(ROWS, key.length + row.length);
      if (count == 0) {
        blockHead(ROWS);
        fields.writeInt(table);
      }
      written.row(table, key, row);
      pair(key, row);
      rows++;
    }
    closeBlock();
  }

  private void pair(byte[] one, byte[] two) throws IOException {
    fields.writeInt(one.length);
    fields.writeInt(two.length);
    fields.write(one);
    fields.write(two);
    count++;
  }

  private void blockHead(int kind) throws IOException {
    fields.writeByte(kind);
    fields.writeInt(0);
  }

  /** A pair that is larger than a block gets one for itself. */
  private void makeRoom(int kind, int bytes) throws IOException {
    int more = (kind == ROWS ? Integer.BYTES : 0) + 2 * Integer.BYTES + bytes;
    if (count > 0 && body.size() + more + Integer.BYTES > BLOCK_BYTES) {
      closeBlock();
    }
  }

  private void closeBlock() throws IOException {
    if (count > 0) {
      blocks++;
      count = 0;
      emitBlock();
    }
  }

  private void end() throws IOException {
    int before = (int) overall.getValue();
    blockHead(END);
    fields.writeLong(rows);
    fields.writeLong(entryCount);
    fields.writeLong(blocks);
    fields.writeInt(before);
    emitBlock();
  }

  /** Puts the length into its place behind the kind. */
  private void emitBlock() throws IOException {
    byte[] bytes = body.toByteArray();
    int length = bytes.length - 1 - Integer.BYTES;
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[1 + i] = (byte) (length >>> (24 - 8 * i));
    }
    body.reset();
    body.write(bytes, 0, bytes.length);
    emit();
  }

  /** Writes what is gathered, and its checksum. */
  private void emit() throws IOException {
    byte[] bytes = body.toByteArray();
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    fields.writeInt((int) checksum.getValue());
    byte[] all = body.toByteArray();
    overall.update(all);
    target.write(all);
    body.reset();
  }

  private static final class Names implements SnapshotSink {
    final Set<String> entries = new HashSet<>();
    final SnapshotProof proof = new SnapshotProof();

    @Override
    public void begin(long revision) {}

    @Override
    public void entry(String name, ByteString value) {
      entries.add(name);
      proof.entry(name, value);
    }

    @Override
    public void row(int table, byte[] key, byte[] row) {
      proof.row(table, key, row);
    }
  }
}
