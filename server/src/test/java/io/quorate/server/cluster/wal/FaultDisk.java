package io.quorate.server.cluster.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A directory in memory that loses what a real one may lose. One object is one process's view of
 * it: after {@link #freeze}, {@link #restart} or {@link #crash} all that this view and its files
 * are asked fails, and life goes on with the view that was returned.
 *
 * <p>Each sector of 512 B that was not synced survives a crash or not, by itself; so does each
 * creation and removal of a name that was not synced. Thread-safe.
 */
public final class FaultDisk implements Disk {
  private static final int SECTOR_BYTES = 512;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Content> names = new TreeMap<>();

  @GuardedBy("lock")
  private final Map<String, Content> durableNames = new TreeMap<>();

  @GuardedBy("lock")
  private final List<NameChange> nameChanges = new ArrayList<>();

  @GuardedBy("lock")
  private long operations;

  @GuardedBy("lock")
  private long failingOperation = -1;

  @GuardedBy("lock")
  private long powerCutOperation = -1;

  @GuardedBy("lock")
  private long bytesFree = Long.MAX_VALUE / 2;

  @GuardedBy("lock")
  private boolean frozen;

  /** A creation, or a removal where {@code content} is null, that is not durable yet. */
  private record NameChange(String name, @Nullable Content content) {}

  /** What a file holds, for its readers and after a crash. */
  private static final class Content {
    byte[] bytes;
    byte[] durable;
    final BitSet dirty = new BitSet();

    Content(byte[] bytes, byte[] durable) {
      this.bytes = bytes;
      this.durable = durable;
    }

    void sync() {
      if (durable.length != bytes.length) {
        durable = Arrays.copyOf(durable, bytes.length);
      }
      for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
        keep(durable, s);
      }
      dirty.clear();
    }

    private void keep(byte[] target, int sector) {
      int from = sector * SECTOR_BYTES;
      int length = Math.min(SECTOR_BYTES, target.length - from);
      if (length > 0) {
        System.arraycopy(bytes, from, target, from, length);
      }
    }

    Content afterCrash(RandomGenerator random) {
      int length = durable.length;
      if (length != bytes.length && random.nextBoolean()) {
        length = random.nextInt(bytes.length + 1);
      }
      byte[] left = Arrays.copyOf(durable, length);
      int mood = random.nextInt(4);
      for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
        boolean kept = mood == 0 || (mood > 1 && random.nextBoolean());
        if (kept) {
          keep(left, s);
        }
      }
      return new Content(left, left.clone());
    }

    Content afterKill() {
      Content copy = new Content(bytes.clone(), durable.clone());
      copy.dirty.or(dirty);
      return copy;
    }
  }

  /**
   * The power goes: a random part of what was not synced survives. Not for {@code
   * java.util.Random}, which with small seeds begins with true and so would keep the first name.
   */
  public FaultDisk crash(RandomGenerator random) {
    lock.lock();
    try {
      frozen = true;
      FaultDisk next = new FaultDisk();
      Map<String, Content> left = new TreeMap<>(durableNames);
      for (NameChange change : nameChanges) {
        boolean kept = random.nextBoolean();
        if (kept) {
          apply(change, left);
        }
      }
      left.forEach((name, content) -> next.put(name, content.afterCrash(random)));
      next.settle();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** The process is killed: nothing is lost, but what was not synced still may be. */
  public FaultDisk restart() {
    lock.lock();
    try {
      frozen = true;
      FaultDisk next = new FaultDisk();
      Map<Content, Content> copies = new HashMap<>();
      names.values().forEach(content -> copies.put(content, content.afterKill()));
      durableNames.values().forEach(c -> copies.computeIfAbsent(c, Content::afterKill));
      for (NameChange change : nameChanges) {
        Content content = change.content();
        if (content != null) {
          copies.computeIfAbsent(content, Content::afterKill);
        }
      }
      next.copyFrom(names, durableNames, nameChanges, copies);
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Everything this view is asked from now on fails. */
  public void freeze() {
    lock.lock();
    try {
      frozen = true;
    } finally {
      lock.unlock();
    }
  }

  /** How often something that changes or syncs was asked for. */
  public long operations() {
    lock.lock();
    try {
      return operations;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the {@code operation}th operation from now fail, once, without effect. */
  public FaultDisk failAt(long operation) {
    lock.lock();
    try {
      failingOperation = operations + operation;
      return this;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Freezes this view at the {@code operation}th operation from now, with the effect of a write but
   * not of a sync.
   */
  public FaultDisk cutPowerAt(long operation) {
    lock.lock();
    try {
      powerCutOperation = operations + operation;
      return this;
    } finally {
      lock.unlock();
    }
  }

  /** No file can be made beyond {@code bytes} more. */
  public FaultDisk fullAfter(long bytes) {
    lock.lock();
    try {
      bytesFree = bytes;
      return this;
    } finally {
      lock.unlock();
    }
  }

  /** Flips one bit of a file, where it is durable and where it is read. */
  public void flip(String name, long bit) {
    lock.lock();
    try {
      Content content = require(name);
      int at = (int) (bit / 8);
      content.bytes[at] ^= (byte) (1 << (bit % 8));
      if (at < content.durable.length) {
        content.durable[at] = content.bytes[at];
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    } finally {
      lock.unlock();
    }
  }

  private void copyFrom(
      Map<String, Content> otherNames,
      Map<String, Content> otherDurableNames,
      List<NameChange> otherChanges,
      Map<Content, Content> copies) {
    lock.lock();
    try {
      for (NameChange change : otherChanges) {
        Content content = change.content();
        Content copy = content == null ? null : copies.get(content);
        nameChanges.add(new NameChange(change.name(), copy));
      }
      otherNames.forEach((name, content) -> names.put(name, copies.get(content)));
      otherDurableNames.forEach((name, content) -> durableNames.put(name, copies.get(content)));
    } finally {
      lock.unlock();
    }
  }

  private void put(String name, Content content) {
    lock.lock();
    try {
      names.put(name, content);
    } finally {
      lock.unlock();
    }
  }

  private void settle() {
    lock.lock();
    try {
      durableNames.clear();
      durableNames.putAll(names);
      nameChanges.clear();
    } finally {
      lock.unlock();
    }
  }

  private static void apply(NameChange change, Map<String, Content> target) {
    Content content = change.content();
    if (content == null) {
      target.remove(change.name());
    } else {
      target.put(change.name(), content);
    }
  }

  /** Counts an operation; whether the power goes during it. */
  @GuardedBy("lock")
  private boolean begin() throws IOException {
    checkAlive();
    operations++;
    if (operations == failingOperation) {
      throw new IOException("injected failure of operation " + operations);
    }
    if (operations == powerCutOperation) {
      frozen = true;
      return true;
    }
    return false;
  }

  @GuardedBy("lock")
  private void checkAlive() throws IOException {
    if (frozen) {
      throw new IOException("this process is dead");
    }
  }

  @GuardedBy("lock")
  private Content require(String name) throws IOException {
    Content content = names.get(name);
    if (content == null) {
      throw new IOException(name + " not found");
    }
    return content;
  }

  @Override
  public List<String> list() throws IOException {
    lock.lock();
    try {
      checkAlive();
      return List.copyOf(names.keySet());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DiskFile create(String name, long bytes) throws IOException {
    lock.lock();
    try {
      checkAlive();
      if (names.containsKey(name)) {
        throw new IOException(name + " exists");
      }
      boolean powerCut = begin();
      if (bytes > bytesFree) {
        throw new IOException("No space left on device");
      }
      bytesFree -= bytes;
      Content content = new Content(new byte[(int) bytes], new byte[0]);
      change(new NameChange(name, content));
      if (powerCut) {
        checkAlive();
      }
      try {
        sync(content);
        syncDirectory();
      } catch (IOException e) {
        if (!frozen) {
          change(new NameChange(name, null));
          bytesFree += bytes;
          syncDirectory();
        }
        throw e;
      }
      return new FaultFile(content);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void change(NameChange change) {
    apply(change, names);
    nameChanges.add(change);
  }

  private void sync(Content content) throws IOException {
    lock.lock();
    try {
      if (begin()) {
        checkAlive();
      }
      content.sync();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DiskFile open(String name) throws IOException {
    lock.lock();
    try {
      checkAlive();
      return new FaultFile(require(name));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    lock.lock();
    try {
      checkAlive();
      bytesFree += require(name).bytes.length;
      boolean powerCut = begin();
      change(new NameChange(name, null));
      if (powerCut) {
        checkAlive();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    lock.lock();
    try {
      if (begin()) {
        checkAlive();
      }
      settle();
    } finally {
      lock.unlock();
    }
  }

  private final class FaultFile implements DiskFile {
    private final Content content;
    private volatile boolean closed;

    FaultFile(Content content) {
      this.content = content;
    }

    private void checkOpen() throws IOException {
      if (closed) {
        throw new IOException("the file is closed");
      }
    }

    @Override
    public long size() throws IOException {
      checkOpen();
      return content.bytes.length;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      lock.lock();
      try {
        checkOpen();
        checkAlive();
        int length = (int) Math.min(target.remaining(), content.bytes.length - position);
        target.put(content.bytes, (int) position, Math.max(0, length));
        return Math.max(0, length);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      lock.lock();
      try {
        checkOpen();
        boolean powerCut = begin();
        int from = (int) position;
        int length = source.remaining();
        source.get(content.bytes, from, length);
        if (length > 0) {
          content.dirty.set(from / SECTOR_BYTES, (from + length - 1) / SECTOR_BYTES + 1);
        }
        if (powerCut) {
          checkAlive();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void sync() throws IOException {
      checkOpen();
      FaultDisk.this.sync(content);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
