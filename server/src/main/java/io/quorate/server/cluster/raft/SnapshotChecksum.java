package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import com.google.protobuf.Message;
import io.quorate.server.cluster.ReplicatedState.SnapshotFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What JRaft tells members of a snapshot's file: its revision, length and CRC32C, as text. JRaft
 * keeps a file that it has already if the text is the same.
 */
final class SnapshotChecksum {
  private static final int BUFFER_BYTES = 256 << 10;

  private SnapshotChecksum() {}

  /** What a file is to its checksum. */
  enum Found {
    SAME,
    SHORTER,
    OTHER
  }

  static Message of(SnapshotFile file) {
    return LocalFileMeta.newBuilder()
        .setChecksum(file.revision() + ending(file.length(), file.crc32c()))
        .build();
  }

  private static String ending(long length, int crc32c) {
    return "-" + length + "-" + HexFormat.of().toHexDigits(crc32c);
  }

  /**
   * Compares all bytes; what is the same is durable then. Blocks, and cannot be interrupted: JRaft
   * interrupts a copy that it gives up, and would take what came of that for a disk that fails.
   */
  static Found compare(Path file, String checksum) throws IOException {
    try (FileInputStream source = new FileInputStream(file.toFile())) {
      CRC32C found = new CRC32C();
      long length = 0;
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
        found.update(buffer, 0, count);
        length += count;
      }
      source.getFD().sync();
      if (checksum.endsWith(ending(length, (int) found.getValue()))) {
        return Found.SAME;
      }
      return length < length(checksum) ? Found.SHORTER : Found.OTHER;
    }
  }

  /** -1 where the text has none. */
  private static long length(String checksum) {
    String[] parts = checksum.split("-", -1);
    return parts.length == 3 && parts[1].matches("\\d{1,18}") ? Long.parseLong(parts[1]) : -1;
  }
}
