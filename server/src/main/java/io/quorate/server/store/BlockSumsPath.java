package io.quorate.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.h2.store.fs.FilePathWrapper;

/**
 * Files with a checksum for each block, on top of any other kind of file: {@code sums:} before the
 * name of the latter. Public, with a constructor, because H2 makes instances by reflection.
 */
public final class BlockSumsPath extends FilePathWrapper {
  private static final String SCHEME = "sums";

  /** For H2. */
  public BlockSumsPath() {}

  /** Makes the scheme known to H2; again and again does no harm. */
  static void register() {
    register(new BlockSumsPath());
  }

  /** The name of a file with checksums in the file of this name. */
  static String of(String fileName) {
    return SCHEME + ":" + fileName;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new BlockSums(getBase().open(mode));
  }
}
