package io.quorate.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;

/**
 * MVStore's single file with a strict order of writes, so that opening needs no guesses.
 *
 * <p>MVStore writes the file's header now and then, without a sync before, and searches the file
 * for the newest chunk that looks whole when it opens. After a power cut that may find one whose
 * middle was never written, or a chunk older than one that was synced. Here each chunk is synced
 * before a header that names it is written, a header is written after each chunk, and opening
 * believes the header alone. So a store opens at the last chunk whose header arrived, which is at
 * least the last one that {@link #sync} returned for, and every byte of it is on disk.
 *
 * <p>The two copies of the header are in different sectors; each names a synced chunk, old or new.
 * Space that the older one needs is not reused by the write of the newer one: a chunk is freed only
 * when it has been dead for {@code versionsToKeep} versions.
 */
final class OrderedFileStore extends SingleFileStore {
  private static final int BLOCK_BYTES = 4096;
  private static final String CLEAN = "clean";
  private static final String BACKGROUND_WRITER = "MVStore background writer";
  private static final String CHECKSUM_MARK = ",fletcher:";

  OrderedFileStore(Map<String, Object> config) {
    super(config);
  }

  /** Whether any chunk has been written yet. */
  boolean hasChunks() {
    return hasPersistentData();
  }

  /** The version whose chunk was written last. */
  long writtenVersion() {
    return lastChunkVersion();
  }

  /** Bytes that were written since the file was opened. */
  long writtenBytes() {
    return writeBytes.get();
  }

  /** What is alive in the largest chunk of which less than {@code fill} percent is; 0 without. */
  long thinChunkBytes(int fill) {
    long most = 0;
    for (SFChunk chunk : getChunks().values()) {
      if (chunk.maxLenLive * 100 < chunk.maxLen * fill) {
        most = Math.max(most, chunk.maxLenLive);
      }
    }
    return most;
  }

  /** What the largest chunk takes in the file. */
  long largestChunkBytes() {
    long most = 0;
    for (SFChunk chunk : getChunks().values()) {
      most = Math.max(most, (long) chunk.len * BLOCK_BYTES);
    }
    return most;
  }

  /**
   * Also true for MVStore's background writer, which exists once the pipeline does: it wakes every
   * eight days, to commit and to compact beside whatever the applier is doing.
   */
  @Override
  public boolean isReadOnly() {
    return super.isReadOnly() || Thread.currentThread().getName().startsWith(BACKGROUND_WRITER);
  }

  @Override
  protected void writeFully(@Nullable SFChunk chunk, long position, ByteBuffer source) {
    if (chunk != null) {
      // A chunk that follows a header marked clean makes MVStore write the header.
      storeHeader.put(CLEAN, 1);
    } else if (position == 0) {
      sync();
    }
    super.writeFully(chunk, position, source);
  }

  @Override
  protected void readStoreHeader(boolean recoveryMode) {
    if (!adoptNewestHeader()) {
      throw damaged("neither copy of the file's header names a whole chunk");
    }
    processCommonHeaderAttributes();
    for (SFChunk chunk : getChunksFromLayoutMap()) {
      boolean present = readChunkHeaderAndFooter(chunk.block, chunk.id) != null;
      if (!present && chunk.maxLenLive > 0) {
        throw damaged("chunk " + chunk.id + " is missing");
      }
      if (!present) {
        // Dead, and its space was given away by a write that did not arrive as a whole.
        chunk.block = 0;
        chunk.len = 0;
      }
    }
    clear();
    for (SFChunk chunk : getChunks().values()) {
      if (chunk.block != 0) {
        markUsed(chunk.block * BLOCK_BYTES, chunk.len * BLOCK_BYTES);
      }
      if (chunk.maxLenLive == 0) {
        registerDeadChunk(chunk);
      }
    }
  }

  /** Takes the copy with the higher version whose chunk is whole; false when there is none. */
  private boolean adoptNewestHeader() {
    byte[] copies = new byte[2 * BLOCK_BYTES];
    readFully((SFChunk) null, 0, copies.length).get(copies);
    Map<String, String> one = parseHeader(copies, 0);
    Map<String, String> two = parseHeader(copies, BLOCK_BYTES);
    boolean twoIsNewer = version(two) > version(one);
    return adopt(twoIsNewer ? two : one) || adopt(twoIsNewer ? one : two);
  }

  private static long version(Map<String, String> header) {
    return DataUtils.readHexLong(header, "version", 0);
  }

  private boolean adopt(Map<String, String> header) {
    if (header.isEmpty()) {
      return false;
    }
    storeHeader.putAll(header);
    if (!header.containsKey("chunk")) {
      setLastChunk(null);
      return true;
    }
    int id = (int) DataUtils.readHexLong(header, "chunk", 0);
    SFChunk chunk = readChunkHeaderAndFooter(DataUtils.readHexLong(header, "block", 0), id);
    if (chunk == null || chunk.version != version(header)) {
      return false;
    }
    setLastChunk(chunk);
    return true;
  }

  /** The header's entries; none when it does not match its checksum. */
  private static Map<String, String> parseHeader(byte[] bytes, int offset) {
    String text =
        new String(
            Arrays.copyOfRange(bytes, offset, offset + BLOCK_BYTES), StandardCharsets.ISO_8859_1);
    int mark = text.indexOf(CHECKSUM_MARK);
    int end = text.indexOf('\n');
    if (mark < 0 || end < mark) {
      return Map.of();
    }
    String checksum = text.substring(mark + CHECKSUM_MARK.length(), end);
    String actual = Integer.toHexString(DataUtils.getFletcher32(bytes, offset, mark));
    if (!actual.equals(checksum)) {
      return Map.of();
    }
    return new HashMap<>(DataUtils.parseMap(text.substring(0, mark)));
  }

  private MVStoreException damaged(String what) {
    return new MVStoreException(DataUtils.ERROR_FILE_CORRUPT, this + ": " + what);
  }
}
