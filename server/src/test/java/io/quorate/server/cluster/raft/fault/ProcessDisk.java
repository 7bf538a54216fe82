package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.wal.Disk;
import io.quorate.server.cluster.wal.FaultDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The disk as one process sees it. A process that is killed in reality runs no more; here its
 * threads go on until they are ended, so from the kill on they get a copy that nobody else will
 * ever see. Were they given errors instead, each crash would test the failure of a disk.
 *
 * <p>Thread-safe.
 */
final class ProcessDisk implements Disk {
  private final Disk alive;
  private volatile @Nullable FaultDisk afterlife;
  private volatile boolean dying;

  ProcessDisk(Disk alive) {
    this.alive = alive;
  }

  /** Freezes the real disk; from now on everything goes to the copy that this takes of it. */
  void kill(FaultDisk real) {
    dying = true;
    afterlife = real.restart();
  }

  /** The copy once there is one, which takes a moment after the disk was frozen. */
  private @Nullable FaultDisk findAfterlife() {
    while (dying && afterlife == null) {
      Thread.onSpinWait();
    }
    return afterlife;
  }

  private interface Step<T> {
    T on(Disk disk) throws IOException;
  }

  private <T> T run(Step<T> step) throws IOException {
    FaultDisk copy = afterlife;
    if (copy != null) {
      return step.on(copy);
    }
    try {
      return step.on(alive);
    } catch (IOException e) {
      copy = findAfterlife();
      if (copy == null) {
        throw e;
      }
      // It had begun when the process was killed.
      return step.on(copy);
    }
  }

  @Override
  public List<String> list() throws IOException {
    return run(Disk::list);
  }

  @Override
  public DiskFile create(String name, long bytes) throws IOException {
    return new ProcessFile(
        name, run(disk -> disk.list().contains(name) ? disk.open(name) : disk.create(name, bytes)));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new ProcessFile(name, run(disk -> disk.open(name)));
  }

  @Override
  public void delete(String name) throws IOException {
    run(
        disk -> {
          disk.delete(name);
          return true;
        });
  }

  @Override
  public void syncDirectory() throws IOException {
    run(
        disk -> {
          disk.syncDirectory();
          return true;
        });
  }

  private interface FileStep<T> {
    T on(DiskFile file) throws IOException;
  }

  private final class ProcessFile implements DiskFile {
    private final String name;
    private final DiskFile first;

    ProcessFile(String name, DiskFile first) {
      this.name = name;
      this.first = first;
    }

    private <T> T onFile(FileStep<T> step) throws IOException {
      return run(disk -> step.on(disk == alive ? first : disk.open(name)));
    }

    @Override
    public long size() throws IOException {
      return onFile(DiskFile::size);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return onFile(file -> file.read(target, position));
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      ByteBuffer again = source.duplicate();
      onFile(
          file -> {
            file.write(again.duplicate(), position);
            return true;
          });
      source.position(source.limit());
    }

    @Override
    public void sync() throws IOException {
      onFile(
          file -> {
            file.sync();
            return true;
          });
    }

    @Override
    public void close() throws IOException {
      first.close();
    }
  }
}
