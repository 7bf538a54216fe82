package io.quorate.server.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads what {@link SnapshotStream} writes, and believes nothing: each block's checksum, the order
 * of tables and keys, the counts, and that the stream ends where the snapshot does. Confined to one
 * thread.
 */
final class SnapshotReader {
  private static final int HEADER_BYTES = 2 * Long.BYTES + Integer.BYTES;
  private static final int BLOCK_HEAD_BYTES = 1 + Integer.BYTES;

  /** Above any row that is accepted; keeps a flipped length from asking for all memory. */
  private static final int BODY_BYTES_MAX = 256 << 20;

  private final InputStream source;
  private final SnapshotSink sink;
  private final CRC32C overall = new CRC32C();
  private byte[] lastKey = new byte[0];
  private int lastTable;
  private boolean anyRow;
  private boolean anyEntry;
  private long rows;
  private long entries;
  private long blocks;

  SnapshotReader(InputStream source, SnapshotSink sink) {
    this.source = source;
    this.sink = sink;
  }

  long read() throws IOException {
    ByteBuffer header = ByteBuffer.wrap(checked(new byte[0], exactly(HEADER_BYTES)));
    if (header.getLong() != SnapshotStream.MAGIC) {
      throw damaged("is none");
    }
    int version = header.getInt();
    if (version != SnapshotStream.VERSION) {
      throw damaged("has the unknown version " + version);
    }
    long revision = header.getLong();
    sink.begin(revision);
    try {
      while (block()) {
        blocks++;
      }
    } catch (BufferUnderflowException e) {
      throw new StoreDamagedException("the snapshot has a block that ends too soon", e);
    }
    if (source.read() >= 0) {
      throw damaged("goes on behind its end");
    }
    return revision;
  }

  /** False at the end. */
  private boolean block() throws IOException {
    int before = (int) overall.getValue();
    byte[] head = exactly(BLOCK_HEAD_BYTES);
    int kind = head[0];
    int length = ByteBuffer.wrap(head, 1, Integer.BYTES).getInt();
    if (length < 0 || length > BODY_BYTES_MAX) {
      throw damaged("has a block of " + length + " bytes");
    }
    ByteBuffer body = ByteBuffer.wrap(checked(head, exactly(length)));
    switch (kind) {
      case SnapshotStream.ENTRIES -> readEntries(body);
      case SnapshotStream.ROWS -> readRows(body);
      case SnapshotStream.END -> readEnd(body, before);
      default -> throw damaged("has a block of the unknown kind " + kind);
    }
    return kind != SnapshotStream.END;
  }

  private void readEntries(ByteBuffer body) {
    while (body.hasRemaining()) {
      int nameLength = length(body);
      int valueLength = length(body);
      byte[] name = bytes(body, nameLength);
      ByteString value = ByteString.copyFrom(bytes(body, valueLength));
      if (anyRow || (anyEntry && Arrays.compareUnsigned(lastKey, name) >= 0)) {
        throw damaged("has entries out of order");
      }
      anyEntry = true;
      lastKey = name;
      entries++;
      sink.entry(ByteString.copyFrom(name).toStringUtf8(), value);
    }
  }

  private void readRows(ByteBuffer body) {
    int table = body.getInt();
    if (anyRow && table < lastTable) {
      throw damaged("has tables out of order");
    }
    while (body.hasRemaining()) {
      int keyLength = length(body);
      int rowLength = length(body);
      byte[] key = bytes(body, keyLength);
      byte[] row = bytes(body, rowLength);
      boolean first = !anyRow || table != lastTable;
      if (!first && Arrays.compareUnsigned(lastKey, key) >= 0) {
        throw damaged("has rows out of order");
      }
      anyRow = true;
      lastTable = table;
      lastKey = key;
      rows++;
      sink.row(table, key, row);
    }
  }

  private void readEnd(ByteBuffer body, int before) {
    boolean whole =
        body.getLong() == rows
            && body.getLong() == entries
            && body.getLong() == blocks
            && body.getInt() == before
            && !body.hasRemaining();
    if (!whole) {
      throw damaged("lacks blocks");
    }
  }

  private int length(ByteBuffer body) {
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw damaged("has a field of " + length + " bytes");
    }
    return length;
  }

  private byte[] bytes(ByteBuffer body, int length) {
    if (length > body.remaining()) {
      throw damaged("has a field of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    body.get(bytes);
    return bytes;
  }

  /** Returns {@code body} if the checksum of both follows it. */
  private byte[] checked(byte[] head, byte[] body) throws IOException {
    byte[] stored = exactly(Integer.BYTES);
    CRC32C checksum = new CRC32C();
    checksum.update(head);
    checksum.update(body);
    if ((int) checksum.getValue() != ByteBuffer.wrap(stored).getInt()) {
      throw damaged("does not match a checksum");
    }
    overall.update(head);
    overall.update(body);
    overall.update(stored);
    return body;
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = source.readNBytes(length);
    if (bytes.length < length) {
      throw damaged("is cut short");
    }
    return bytes;
  }

  private static StoreDamagedException damaged(String what) {
    return new StoreDamagedException("the snapshot " + what);
  }
}
