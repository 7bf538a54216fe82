package io.quorate.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells scripts which process runs on a data directory. Written once the node holds the latter. */
final class PidFile {
  private final Path path;
  private final String pid = Long.toString(ProcessHandle.current().pid());

  PidFile(Path path) {
    this.path = path;
  }

  void write() {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, pid + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e, e);
    }
  }

  /** Removes the file unless it names another process. */
  void delete() {
    try {
      if (Files.exists(path) && Files.readString(path).strip().equals(pid)) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path + ": " + e, e);
    }
  }
}
