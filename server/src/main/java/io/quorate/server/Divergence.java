package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.store.StateHash;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * That the rows of a data directory, and its snapshots, are not to be used any more: other replicas
 * have agreed on something else at a revision. A file says so, and holds until the rows of another
 * node are there.
 */
record Divergence(long revision, StateHash agreed) {

  /** Empty where the rows of the directory may be used. */
  static Optional<Divergence> of(DataDirectory directory) {
    Path file = directory.diverged();
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      Properties kept = new Properties();
      kept.load(new StringReader(Files.readString(file)));
      return Optional.of(
          new Divergence(
              Long.parseLong(kept.getProperty("revision", "")),
              new StateHash(lane(kept, "high"), lane(kept, "low"))));
    } catch (IOException | NumberFormatException e) {
      throw new QuorateException(
          ErrorCode.IO_ERROR,
          "cannot read " + file + ", which says that the rows here are wrong: " + e.getMessage(),
          e);
    }
  }

  private static long lane(Properties kept, String name) {
    return Long.parseUnsignedLong(kept.getProperty(name, ""), 16);
  }

  /** Durable when it returns. */
  void writeTo(DataDirectory directory) throws IOException {
    DataDirectory.replace(
        directory.diverged(),
        "revision=%d%nhigh=%016x%nlow=%016x%n".formatted(revision, agreed.high(), agreed.low()));
  }

  /** The rows are those of another node now. */
  static void forget(DataDirectory directory) throws IOException {
    Files.delete(directory.diverged());
  }
}
