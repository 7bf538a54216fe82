package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.server.store.SnapshotFiles.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SnapshotFilesTest {
  private static final int FILE_BYTES = 1_000;

  @TempDir Path directory;

  private List<Part> write(byte[] stream) throws IOException {
    SplittableRandom random = new SplittableRandom(stream.length);
    return SnapshotFiles.write(
        directory,
        FILE_BYTES,
        target -> {
          for (int from = 0; from < stream.length; ) {
            int count = Math.min(stream.length - from, 1 + random.nextInt(2_500));
            target.write(stream, from, count);
            from += count;
          }
        });
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  private byte[] read() throws IOException {
    try (InputStream source = SnapshotFiles.read(directory)) {
      return source.readAllBytes();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "999, 1", "1000, 1", "1001, 2", "2000, 2", "300001, 301"})
  void what_is_written_is_read_whatever_its_length(int length, int files) throws IOException {
    List<Part> parts = write(bytes(length));
    assertThat(parts).hasSize(files);
    assertThat(read()).isEqualTo(bytes(length));
    for (Part part : parts) {
      byte[] content = Files.readAllBytes(directory.resolve(part.name()));
      assertThat(content).hasSizeLessThanOrEqualTo(FILE_BYTES).hasSize((int) part.length());
      CRC32C checksum = new CRC32C();
      checksum.update(content);
      assertThat(part.crc32c()).isEqualTo((int) checksum.getValue());
    }
    SnapshotFiles.syncAll(directory);
  }

  @Test
  void the_first_file_has_the_name_that_the_only_one_had() throws IOException {
    assertThat(write(bytes(2_500)))
        .extracting(Part::name)
        .containsExactly("state.snapshot", "state.snapshot.00001", "state.snapshot.00002");
  }

  @Test
  void a_snapshot_without_one_of_its_files_is_damaged() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    StoreConfig config = StoreConfig.of(directory.resolve("rows.mv"));
    try (MvEngine engine = new MvEngine(config, entries -> {}, failure -> {})) {
      var unused = engine.open();
      try (StoreView view = engine.openView()) {
        SnapshotStream.write(view, Map.of("name", ByteString.copyFrom(bytes(5_000))), whole);
      }
    }
    var parts = write(whole.toByteArray());
    assertThat(parts).hasSizeGreaterThan(4);
    try (InputStream source = SnapshotFiles.read(directory)) {
      SnapshotStream.verify(source);
    }
    Files.delete(directory.resolve("state.snapshot.00003"));
    try (InputStream source = SnapshotFiles.read(directory)) {
      assertThatThrownBy(() -> SnapshotStream.verify(source))
          .isInstanceOf(StoreDamagedException.class);
    }
    Files.delete(directory.resolve("state.snapshot"));
    assertThatIOException().isThrownBy(this::read);
  }
}
