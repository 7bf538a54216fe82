package io.quorate.server.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory, known by its name in the whole JVM, that forgets. What is written but not
 * synced may survive a {@link #crash} sector by sector, or not. Files are made, renamed and deleted
 * durably at once, as the real file system's door syncs the directory. Deterministic; thread-safe,
 * so that the pipelined store can run on it too.
 */
public final class SimDisk {
  static final int SECTOR_BYTES = 512;
  private static final Map<String, SimDisk> DISKS = new ConcurrentHashMap<>();

  private final Map<String, SimFile> files = new TreeMap<>();
  private long operations;
  private long failFrom = Long.MAX_VALUE;
  private boolean failOnce;
  private String failure = "";
  private boolean frozen;
  private int generation;

  private SimDisk() {}

  /** The disk of this name, made at the first use. */
  public static SimDisk named(String name) {
    SimFilePath.register();
    return DISKS.computeIfAbsent(name, unused -> new SimDisk());
  }

  /** Forgets the disk, for the JVM's memory. */
  public static void drop(String name) {
    DISKS.remove(name);
  }

  /** Writes, truncations and syncs so far. */
  public synchronized long operations() {
    return operations;
  }

  /** From the {@code n}th write, truncation or sync on, counted from now, nothing works. */
  public synchronized void freezeAt(long n) {
    failFrom = operations + n;
    failure = "the power is off";
    failOnce = false;
  }

  /** The {@code n}th write, truncation or sync from now fails, those behind it do not. */
  public synchronized void failAt(long n, String message) {
    failFrom = operations + n;
    failure = message;
    failOnce = true;
  }

  /** From now on nothing works, until the crash. */
  public synchronized void freeze() {
    frozen = true;
  }

  /**
   * The power goes and comes back: of what was not synced a random part is on disk; files that were
   * open are dead.
   */
  public synchronized void crash(RandomGenerator random) {
    double kept = new double[] {0, 0.2, 0.5, 0.8, 1}[random.nextInt(5)];
    for (SimFile file : files.values()) {
      file.crash(random, kept);
    }
    generation++;
    frozen = false;
    failFrom = Long.MAX_VALUE;
  }

  /** Changes one bit of a file, on disk and in memory. */
  public synchronized void flipBit(String file, long bit) {
    require(file).flip(bit);
  }

  /** What is on disk of a file. */
  synchronized byte[] read(String file) {
    SimFile found = require(file);
    return Arrays.copyOf(found.durable, found.durableSize);
  }

  /** Makes or replaces a file, durably. */
  synchronized void place(String file, byte[] content) {
    SimFile made = new SimFile();
    made.write(content, 0);
    made.sync();
    files.put(file, made);
  }

  /** Cuts the end of a file off, durably. */
  synchronized void cut(String file, int size) {
    SimFile found = require(file);
    found.truncate(size);
    found.sync();
  }

  public synchronized long size(String file) {
    return require(file).size;
  }

  public synchronized boolean exists(String file) {
    return files.containsKey(file);
  }

  synchronized List<String> list() {
    return new ArrayList<>(files.keySet());
  }

  synchronized void delete(String file) {
    files.remove(file);
  }

  synchronized void move(String from, String to) {
    files.put(to, require(from));
    files.remove(from);
  }

  synchronized Handle open(String file) throws IOException {
    requirePower();
    return new Handle(files.computeIfAbsent(file, unused -> new SimFile()), generation);
  }

  private SimFile require(String file) {
    SimFile found = files.get(file);
    if (found == null) {
      throw new IllegalArgumentException("no file " + file);
    }
    return found;
  }

  private void requirePower() throws IOException {
    if (frozen) {
      throw new IOException("the power is off");
    }
  }

  private void count() throws IOException {
    requirePower();
    if (++operations >= failFrom) {
      if (failOnce) {
        failFrom = Long.MAX_VALUE;
      } else {
        frozen = true;
      }
      throw new IOException(failure);
    }
  }

  /** An open file. */
  final class Handle {
    private final SimFile file;
    private final int opened;

    private Handle(SimFile file, int opened) {
      this.file = file;
      this.opened = opened;
    }

    int read(ByteBuffer target, long position) throws IOException {
      synchronized (SimDisk.this) {
        requireAlive();
        if (position >= file.size) {
          return -1;
        }
        int length = (int) Math.min(target.remaining(), file.size - position);
        target.put(file.now, (int) position, length);
        return length;
      }
    }

    /** What fails at the crash point has still begun: its sectors may survive. */
    void write(ByteBuffer source, long position) throws IOException {
      synchronized (SimDisk.this) {
        requireAlive();
        requirePower();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        try {
          count();
        } catch (IOException e) {
          if (frozen) {
            file.write(bytes, (int) position);
          }
          throw e;
        }
        file.write(bytes, (int) position);
      }
    }

    void truncate(long size) throws IOException {
      synchronized (SimDisk.this) {
        requireAlive();
        count();
        file.truncate((int) size);
      }
    }

    void sync() throws IOException {
      synchronized (SimDisk.this) {
        requireAlive();
        count();
        file.sync();
      }
    }

    long size() throws IOException {
      synchronized (SimDisk.this) {
        requireAlive();
        return file.size;
      }
    }

    private void requireAlive() throws IOException {
      if (opened != generation) {
        throw new EOFException("opened before the crash");
      }
    }
  }

  /** One file as programs see it, and as it is on disk with the steps in between. */
  private static final class SimFile {
    private byte[] now = new byte[4096];
    private int size;
    private byte[] durable = new byte[4096];
    private int durableSize;
    private final List<Step> steps = new ArrayList<>();

    void write(byte[] bytes, int position) {
      int end = position + bytes.length;
      now = grown(now, end);
      System.arraycopy(bytes, 0, now, position, bytes.length);
      size = Math.max(size, end);
      for (int sector = position / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
        int from = sector * SECTOR_BYTES;
        int to = Math.min(size, from + SECTOR_BYTES);
        steps.add(new Step(from, Arrays.copyOfRange(now, from, to)));
      }
    }

    void truncate(int newSize) {
      if (newSize < size) {
        Arrays.fill(now, newSize, size, (byte) 0);
        size = newSize;
        steps.add(new Step(newSize, null));
      }
    }

    void sync() {
      for (Step step : steps) {
        persist(step);
      }
      steps.clear();
    }

    void crash(RandomGenerator random, double kept) {
      for (Step step : steps) {
        if (random.nextDouble() < kept) {
          persist(step);
        }
      }
      steps.clear();
      now = durable.clone();
      size = durableSize;
    }

    void flip(long bit) {
      int position = (int) (bit / Byte.SIZE);
      now[position] ^= (byte) (1 << (bit % Byte.SIZE));
      durable = now.clone();
      durableSize = size;
      steps.clear();
    }

    private void persist(Step step) {
      if (step.sector == null) {
        if (step.position < durableSize) {
          Arrays.fill(durable, step.position, durableSize, (byte) 0);
          durableSize = step.position;
        }
        return;
      }
      int end = step.position + step.sector.length;
      durable = grown(durable, end);
      System.arraycopy(step.sector, 0, durable, step.position, step.sector.length);
      durableSize = Math.max(durableSize, end);
    }

    private static byte[] grown(byte[] bytes, int size) {
      return size <= bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
    }
  }

  /** One sector written, or, without one, the file cut off at {@code position}. */
  private static final class Step {
    private final int position;
    private final byte @Nullable [] sector;

    Step(int position, byte @Nullable [] sector) {
      this.position = position;
      this.sector = sector;
    }
  }
}
