package io.quorate.server.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Where the nodes of a demo live: the user's directory, or one that goes away with the demo. */
public final class DemoDirectory implements AutoCloseable {
  private final Path path;
  private final boolean temporary;

  private DemoDirectory(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /**
   * Makes the directory.
   *
   * @param given null for a fresh temporary one
   * @param keep whether a temporary one stays
   */
  public static DemoDirectory open(@Nullable Path given, boolean keep) {
    try {
      if (given != null) {
        return new DemoDirectory(Files.createDirectories(given), false);
      }
      return new DemoDirectory(Files.createTempDirectory("quorate-demo-"), !keep);
    } catch (IOException e) {
      throw new DemoFailedException(
          (given == null ? "a temporary directory" : given) + " cannot be made: " + e, e);
    }
  }

  public Path path() {
    return path;
  }

  /** Removes the directory if it is a temporary one; no node runs on it any longer. */
  @Override
  public void close() {
    if (!temporary || !Files.exists(path)) {
      return;
    }
    try {
      Files.walkFileTree(path, new Removal());
    } catch (IOException e) {
      throw new DemoFailedException(path + " cannot be removed: " + e, e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
        throws IOException {
      if (problem != null) {
        throw problem;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
