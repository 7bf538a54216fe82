package io.quorate.server.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;

/**
 * One real file behind a few {@link RandomAccessFile}s: each has one position, so each is used by
 * one thread at a time; several let several threads read. Thread-safe.
 */
final class SteadyFile extends FileBaseDefault {
  private static final int HANDLES = 4;

  private final RandomAccessFile[] handles = new RandomAccessFile[HANDLES];

  SteadyFile(String path, String mode) throws IOException {
    for (int i = 0; i < HANDLES; i++) {
      handles[i] = new RandomAccessFile(path, mode);
    }
  }

  private RandomAccessFile handle() {
    return handles[(int) (Thread.currentThread().getId() & (HANDLES - 1))];
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // locked a handle at a time
  public int read(ByteBuffer target, long position) throws IOException {
    RandomAccessFile handle = handle();
    synchronized (handle) {
      handle.seek(position);
      int read =
          handle.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
      if (read > 0) {
        target.position(target.position() + read);
      }
      return read;
    }
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // locked a handle at a time
  public int write(ByteBuffer source, long position) throws IOException {
    RandomAccessFile handle = handle();
    int length = source.remaining();
    synchronized (handle) {
      handle.seek(position);
      handle.write(source.array(), source.arrayOffset() + source.position(), length);
    }
    source.position(source.limit());
    return length;
  }

  @Override
  public long size() throws IOException {
    return handles[0].length();
  }

  @Override
  protected void implTruncate(long size) throws IOException {
    if (size < handles[0].length()) {
      handles[0].setLength(size);
    }
  }

  @Override
  public void force(boolean metaData) throws IOException {
    handles[0].getFD().sync();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return handles[0].getChannel().tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    for (RandomAccessFile handle : handles) {
      handle.close();
    }
  }
}
