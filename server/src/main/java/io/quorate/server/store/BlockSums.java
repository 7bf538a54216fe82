package io.quorate.server.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.h2.store.fs.FileBaseDefault;

/**
 * A file in blocks, each with a CRC32C that is looked at whenever any of the block is read.
 *
 * <pre>
 *   in the file   │ sums of 0…1023 │ 0 │ 1 │ … │ 1023 │ sums of 1024…2047 │ 1024 │ …
 * </pre>
 *
 * <p>The checksums of {@link CheckedBytes} cover the keys and rows of a page, but not what MVStore
 * itself writes: the places of a page's children, the map of roots, the map of chunks. One bit of
 * those can lead to an older page of the same table, whole by its own checksum, and has led to an
 * exception out of H2's parser that no start survived ({@code StoreDamageTest}, seed 3). A block's
 * checksum begins with its number, so that a block in a wrong place is damage too.
 *
 * <p>The first two blocks, the file's header, have none: MVStore gives each its own, and writes
 * both over the old ones, so that a checksum that arrives before its block would break what is
 * whole. All other blocks are written into free space and synced together with their checksums
 * before a header names them. Checksums are read once and kept: 1 MB for 1 GB.
 *
 * <p>Thread-safe, for any readers and one writer, if nobody reads what is being written.
 */
final class BlockSums extends FileBaseDefault {
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS_A_GROUP = BLOCK_BYTES / Integer.BYTES;
  private static final int HEADER_BLOCKS = 2;

  /** Blocks read at once: more than the largest page, and what a move of a chunk may hold. */
  private static final int BLOCKS_A_READ = 64;

  private final FileChannel file;
  private final ReentrantLock loading = new ReentrantLock();

  /** By the number of the group, those that were needed so far. */
  private final Map<Long, AtomicIntegerArray> groups = new ConcurrentHashMap<>();

  BlockSums(FileChannel file) {
    this.file = file;
  }

  /** Where a block lies in the file. */
  private static long place(long block) {
    return (block + block / BLOCKS_A_GROUP + 1) * BLOCK_BYTES;
  }

  private static long placeOfSum(long block) {
    long group = block / BLOCKS_A_GROUP;
    return group * (BLOCKS_A_GROUP + 1) * BLOCK_BYTES + block % BLOCKS_A_GROUP * Integer.BYTES;
  }

  @Override
  public long size() throws IOException {
    long blocks = file.size() / BLOCK_BYTES;
    long sums = (blocks + BLOCKS_A_GROUP) / (BLOCKS_A_GROUP + 1);
    return (blocks - sums) * BLOCK_BYTES;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // holds no position
  public int read(ByteBuffer target, long position) throws IOException {
    long end = Math.min(position + target.remaining(), size());
    if (position >= end) {
      return target.hasRemaining() ? -1 : 0;
    }
    long at = position;
    while (at < end) {
      long block = at / BLOCK_BYTES;
      int count = contiguous(block, (end - 1) / BLOCK_BYTES + 1, BLOCKS_A_READ);
      ByteBuffer blocks = readBlocks(block, count);
      blocks.position((int) (at - block * BLOCK_BYTES));
      blocks.limit((int) Math.min(blocks.limit(), end - block * BLOCK_BYTES));
      at += blocks.remaining();
      target.put(blocks);
    }
    return (int) (end - position);
  }

  /** How many blocks from {@code first} to {@code end} lie one after the other in the file. */
  private static int contiguous(long first, long end, int max) {
    long inGroup = BLOCKS_A_GROUP - first % BLOCKS_A_GROUP;
    return (int) Math.min(Math.min(inGroup, end - first), max);
  }

  private ByteBuffer readBlocks(long first, int count) throws IOException {
    ByteBuffer blocks = ByteBuffer.allocate(count * BLOCK_BYTES);
    readFully(blocks, place(first));
    AtomicIntegerArray sums = group(first / BLOCKS_A_GROUP);
    for (int i = 0; i < count; i++) {
      long block = first + i;
      if (block >= HEADER_BLOCKS
          && sum(block, blocks.array(), i * BLOCK_BYTES)
              != sums.get((int) (block % BLOCKS_A_GROUP))) {
        // As a failure of the file, for MVStore reads again what it has moved meanwhile.
        throw new IOException(
            new StoreDamagedException("block " + block + " does not match its checksum"));
      }
    }
    return blocks.flip().limit(count * BLOCK_BYTES);
  }

  private void readFully(ByteBuffer target, long position) throws IOException {
    long start = position - target.position();
    while (target.hasRemaining()) {
      if (file.read(target, start + target.position()) < 0) {
        throw new EOFException("the file ends at " + (start + target.position()));
      }
    }
  }

  private AtomicIntegerArray group(long number) throws IOException {
    AtomicIntegerArray known = groups.get(number);
    if (known != null) {
      return known;
    }
    loading.lock();
    try {
      AtomicIntegerArray sums = groups.get(number);
      if (sums == null) {
        sums = load(number);
        groups.put(number, sums);
      }
      return sums;
    } finally {
      loading.unlock();
    }
  }

  /** Of a group that the file does not have yet, zeros. */
  private AtomicIntegerArray load(long number) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
    long position = placeOfSum(number * BLOCKS_A_GROUP);
    if (position + BLOCK_BYTES <= file.size()) {
      readFully(bytes, position);
    }
    AtomicIntegerArray sums = new AtomicIntegerArray(BLOCKS_A_GROUP);
    for (int i = 0; i < BLOCKS_A_GROUP; i++) {
      sums.set(i, bytes.getInt(i * Integer.BYTES));
    }
    return sums;
  }

  private static int sum(long block, byte[] bytes, int offset) {
    CRC32C checksum = new CRC32C();
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      checksum.update((int) (block >>> shift));
    }
    checksum.update(bytes, offset, BLOCK_BYTES);
    return (int) checksum.getValue();
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // holds no position
  public int write(ByteBuffer source, long position) throws IOException {
    int length = source.remaining();
    if (position % BLOCK_BYTES != 0 || length % BLOCK_BYTES != 0) {
      throw new IOException("a write of " + length + " bytes at " + position + " is not of blocks");
    }
    long block = position / BLOCK_BYTES;
    long end = block + length / BLOCK_BYTES;
    while (block < end) {
      int count = contiguous(block, end, Integer.MAX_VALUE);
      ByteBuffer blocks = source.slice(source.position(), count * BLOCK_BYTES);
      writeSums(block, blocks);
      writeFully(blocks, place(block));
      source.position(source.position() + count * BLOCK_BYTES);
      block += count;
    }
    return length;
  }

  private void writeSums(long first, ByteBuffer blocks) throws IOException {
    int count = blocks.remaining() / BLOCK_BYTES;
    AtomicIntegerArray sums = group(first / BLOCKS_A_GROUP);
    ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES);
    for (int i = 0; i < count; i++) {
      int offset = blocks.arrayOffset() + i * BLOCK_BYTES;
      int sum = first + i < HEADER_BLOCKS ? 0 : sum(first + i, blocks.array(), offset);
      sums.set((int) ((first + i) % BLOCKS_A_GROUP), sum);
      bytes.putInt(sum);
    }
    if (first + count > HEADER_BLOCKS) {
      writeFully(bytes.flip(), placeOfSum(first));
    }
  }

  private void writeFully(ByteBuffer source, long position) throws IOException {
    long start = position - source.position();
    while (source.hasRemaining()) {
      file.write(source, start + source.position());
    }
  }

  @Override
  protected void implTruncate(long size) throws IOException {
    long blocks = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
    file.truncate(blocks == 0 ? 0 : place(blocks - 1) + BLOCK_BYTES);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    file.force(metaData);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return file.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }
}
