package io.quorate.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * Real files that survive {@link Thread#interrupt}. A {@link FileChannel} closes itself, for
 * everybody, when a thread is interrupted while it reads; a {@link java.io.RandomAccessFile} does
 * not know interrupts. Creating and renaming also sync the directory. Public, with a constructor,
 * because H2 makes instances by reflection.
 */
public final class SteadyFilePath extends FilePathWrapper {
  static final String SCHEME = "steady";

  /** For H2. */
  public SteadyFilePath() {}

  /** Makes the scheme known to H2; again and again does no harm. */
  static void register() {
    FilePath.register(new SteadyFilePath());
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    boolean created = !exists();
    FileChannel file = new SteadyFile(getBase().name, mode);
    if (created) {
      syncDirectory();
    }
    return file;
  }

  @Override
  public void moveTo(FilePath target, boolean atomicReplace) {
    super.moveTo(target, atomicReplace);
    try {
      syncDirectory();
    } catch (IOException e) {
      throw new StoreFailedException("could not sync the directory of " + name, e);
    }
  }

  private void syncDirectory() throws IOException {
    Path directory = Path.of(getBase().name).toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
