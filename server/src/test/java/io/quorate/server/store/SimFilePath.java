package io.quorate.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.List;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;

/** Files of {@link SimDisk}s, as {@code sim:disk/file}, for MVStore. */
public final class SimFilePath extends FilePath {
  static final String SCHEME = "sim";

  static void register() {
    FilePath.register(new SimFilePath());
  }

  /** The name of a file for {@link StoreConfig#ofFile}. */
  public static String of(String disk, String file) {
    register();
    return SCHEME + ":" + disk + "/" + file;
  }

  private SimDisk disk() {
    return SimDisk.named(name.substring(SCHEME.length() + 1, name.indexOf('/')));
  }

  private String file() {
    return name.substring(name.indexOf('/') + 1);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FilePath getPath(String path) {
    SimFilePath found = new SimFilePath();
    found.name = path;
    return found;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new SimChannel(disk().open(file()));
  }

  @Override
  public long size() {
    return disk().size(file());
  }

  @Override
  public boolean exists() {
    return disk().exists(file());
  }

  @Override
  public void moveTo(FilePath target, boolean atomicReplace) {
    disk().move(file(), ((SimFilePath) target).file());
  }

  @Override
  public boolean createFile() {
    throw new UnsupportedOperationException("open makes it");
  }

  @Override
  public void delete() {
    disk().delete(file());
  }

  @Override
  public List<FilePath> newDirectoryStream() {
    return disk().list().stream()
        .map(file -> getPath(name.substring(0, name.indexOf('/') + 1) + file))
        .toList();
  }

  @Override
  public FilePath toRealPath() {
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // H2 asks for null where there is no parent
  public FilePath getParent() {
    return null;
  }

  @Override
  public boolean isDirectory() {
    return false;
  }

  @Override
  public boolean isRegularFile() {
    return true;
  }

  @Override
  public boolean isAbsolute() {
    return true;
  }

  @Override
  public long lastModified() {
    return 0;
  }

  @Override
  public boolean canWrite() {
    return true;
  }

  @Override
  public void createDirectory() {
    throw new UnsupportedOperationException("a disk has no directories");
  }

  @Override
  public InputStream newInputStream() {
    throw new UnsupportedOperationException("MVStore reads channels");
  }

  @Override
  public boolean setReadOnly() {
    return false;
  }

  private static final class SimChannel extends FileBaseDefault {
    private final SimDisk.Handle file;

    SimChannel(SimDisk.Handle file) {
      this.file = file;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the disk is locked
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the disk is locked
    public int write(ByteBuffer source, long position) throws IOException {
      int length = source.remaining();
      file.write(source, position);
      return length;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      file.sync();
    }

    /** A disk has one user: whoever opened it before has crashed. */
    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      return new FileLock(this, position, size, shared) {
        @Override
        public boolean isValid() {
          return true;
        }

        @Override
        public void release() {}
      };
    }
  }
}
