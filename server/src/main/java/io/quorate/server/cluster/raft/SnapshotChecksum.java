package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import com.google.protobuf.Message;
import io.quorate.server.cluster.ReplicatedState.SnapshotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What JRaft tells members of a snapshot's file: its revision and CRC32C, as text. JRaft keeps a
 * file that it has already if the text is the same.
 */
final class SnapshotChecksum {
  private static final int BUFFER_BYTES = 256 << 10;

  private SnapshotChecksum() {}

  static Message of(SnapshotFile file) {
    return LocalFileMeta.newBuilder()
        .setChecksum(file.revision() + "-" + HexFormat.of().toHexDigits(file.crc32c()))
        .build();
  }

  /** Whether the file is, to the last byte, what the checksum is of, and is durable now. Blocks. */
  static boolean holds(Path file, String checksum) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      CRC32C found = new CRC32C();
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (channel.read(buffer) >= 0) {
        found.update(buffer.flip());
        buffer.clear();
      }
      channel.force(true);
      return checksum.endsWith("-" + HexFormat.of().toHexDigits((int) found.getValue()));
    }
  }
}
