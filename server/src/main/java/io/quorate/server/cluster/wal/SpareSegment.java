package io.quorate.server.cluster.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The next segment, made before it is needed, so that the writer seldom waits for zeros. At most
 * one. Thread-safe: requested and taken by the log's writer, made on the given executor; the lock
 * is held while the file is made, for then the writer has to wait for it anyway.
 */
final class SpareSegment {
  private static final Logger log = LoggerFactory.getLogger(SpareSegment.class);

  private final Disk disk;
  private final int segmentBytes;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Segment spare;

  /** Every segment up to here exists or existed; a late request for one of them is void. */
  @GuardedBy("lock")
  private long taken;

  @GuardedBy("lock")
  private boolean closed;

  SpareSegment(Disk disk, int segmentBytes, Executor executor) {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.executor = executor;
  }

  /** Takes over a spare that an earlier run left behind. */
  void adopt(@Nullable Segment leftover) {
    lock.lock();
    try {
      spare = leftover;
    } finally {
      lock.unlock();
    }
  }

  /** Asks for the segment {@code sequence}, to be made when the executor gets to it. */
  void request(long sequence) {
    executor.execute(() -> prepare(sequence));
  }

  /** A failure here fails nothing yet: the writer tries again when it needs the segment. */
  private void prepare(long sequence) {
    lock.lock();
    try {
      if (!closed && spare == null && sequence == taken + 1) {
        spare = Segment.create(disk, sequence, segmentBytes);
      }
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("segment", sequence)
          .addKeyValue("reason", e.toString())
          .log("log segment not made in advance");
    } finally {
      lock.unlock();
    }
  }

  /** Tells that the segment {@code sequence} is in use, so that the next one may be made. */
  void onTaken(long sequence) {
    lock.lock();
    try {
      taken = sequence;
    } finally {
      lock.unlock();
    }
  }

  /** The segment {@code sequence} of at least {@code bytes}: the spare, or one made now. */
  Segment take(long sequence, int bytes) throws IOException {
    lock.lock();
    try {
      Segment found = spare;
      spare = null;
      if (found != null && found.bytes() < bytes) {
        found.remove(disk);
        found = null;
      }
      taken = sequence;
      return found != null ? found : Segment.create(disk, sequence, Math.max(bytes, segmentBytes));
    } finally {
      lock.unlock();
    }
  }

  long bytesOnDisk() {
    lock.lock();
    try {
      return spare == null ? 0 : spare.bytes();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a file that is being made; afterwards none is. */
  void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      if (spare != null) {
        spare.file().close();
      }
    } finally {
      lock.unlock();
    }
  }
}
