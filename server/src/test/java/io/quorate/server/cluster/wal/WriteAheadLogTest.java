package io.quorate.server.cluster.wal;

import static io.quorate.server.cluster.wal.LogModel.CONFIG;
import static io.quorate.server.cluster.wal.LogModel.entry;
import static io.quorate.server.cluster.wal.LogModel.newLog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.lang.InvariantViolation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The log where the disk is well, full, failing or damaged. */
final class WriteAheadLogTest {
  private static final String FIRST_SEGMENT = Segment.nameOf(1);

  private final FaultDisk disk = new FaultDisk();

  private static WriteAheadLog open(Disk disk) throws IOException {
    WriteAheadLog log = newLog(disk);
    log.open();
    return log;
  }

  private static WriteAheadLog openWith(Disk disk, int entries) throws IOException {
    WriteAheadLog log = open(disk);
    for (int i = 1; i <= entries; i++) {
      log.append(List.of(entry(i, 1, "entry " + i)));
    }
    return log;
  }

  private static String textAt(WriteAheadLog log, long index) throws IOException {
    ByteBuffer payload = Objects.requireNonNull(log.read(index));
    return StandardCharsets.UTF_8.decode(payload).toString();
  }

  private static byte[] large(int bytes) {
    byte[] payload = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(payload);
    return payload;
  }

  private static Entry large(long index, int bytes) {
    return new Entry(index, 1, false, ByteBuffer.wrap(large(bytes)));
  }

  @Test
  void an_empty_log_begins_at_one_and_ends_at_zero() throws IOException {
    WriteAheadLog log = open(disk);
    assertThat(log.firstIndex()).isEqualTo(1);
    assertThat(log.lastIndex()).isZero();
    assertThat(log.read(1)).isNull();
    assertThat(log.termAt(1)).isZero();
  }

  @Test
  void a_batch_is_one_write_and_one_sync() throws IOException {
    WriteAheadLog log = open(disk);
    List<Entry> batch = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      batch.add(entry(i, 1, "entry " + i));
    }
    long before = disk.operations();
    log.append(batch);
    assertThat(disk.operations() - before).isEqualTo(2);
    assertThat(textAt(log, 100)).isEqualTo("entry 100");
  }

  @Test
  void a_cut_and_replaced_end_reads_as_replaced_after_a_crash() throws IOException {
    WriteAheadLog log = openWith(disk, 5);
    log.truncateSuffix(3);
    log.append(List.of(entry(4, 2, "other 4")));
    WriteAheadLog again = open(disk.crash(new SplittableRandom(1)));
    assertThat(again.lastIndex()).isEqualTo(4);
    assertThat(textAt(again, 3)).isEqualTo("entry 3");
    assertThat(textAt(again, 4)).isEqualTo("other 4");
    assertThat(again.termAt(4)).isEqualTo(2);
  }

  @Test
  void a_reset_log_goes_on_where_it_was_told_after_a_restart() throws IOException {
    WriteAheadLog log = openWith(disk, 5);
    log.reset(100);
    assertThat(log.firstIndex()).isEqualTo(100);
    assertThat(log.lastIndex()).isEqualTo(99);
    WriteAheadLog again = open(disk.crash(new SplittableRandom(1)));
    assertThat(again.firstIndex()).isEqualTo(100);
    assertThat(again.lastIndex()).isEqualTo(99);
    again.append(List.of(entry(100, 2, "entry 100")));
    assertThat(textAt(again, 100)).isEqualTo("entry 100");
  }

  @Test
  void giving_up_a_prefix_removes_whole_segments_and_never_raises_the_first_index()
      throws IOException {
    WriteAheadLog log = open(disk);
    for (int i = 1; i <= 100; i++) {
      log.append(List.of(large(i, 4000)));
    }
    long before = log.bytesOnDisk();
    log.truncatePrefix(90);
    assertThat(log.bytesOnDisk()).isLessThan(before / 2);
    assertThat(log.firstIndex()).isEqualTo(90);
    assertThat(log.read(89)).isNull();
    WriteAheadLog again = open(disk.crash(new SplittableRandom(1)));
    assertThat(again.firstIndex()).isBetween(60L, 90L);
    assertThat(again.lastIndex()).isEqualTo(100);
    assertThat(again.read(90)).isEqualTo(ByteBuffer.wrap(large(4000)));
  }

  @Test
  void giving_up_more_than_there_is_leaves_an_empty_log_behind_it() throws IOException {
    WriteAheadLog log = openWith(disk, 5);
    log.truncatePrefix(21);
    WriteAheadLog again = open(disk.restart());
    assertThat(again.firstIndex()).isEqualTo(21);
    assertThat(again.lastIndex()).isEqualTo(20);
  }

  @Test
  void an_entry_larger_than_a_segment_gets_a_file_of_its_own() throws IOException {
    WriteAheadLog log = openWith(disk, 1);
    log.append(List.of(large(2, 150_000), entry(3, 1, "entry 3")));
    WriteAheadLog again = open(disk.crash(new SplittableRandom(1)));
    assertThat(again.read(2)).isEqualTo(ByteBuffer.wrap(large(150_000)));
    assertThat(textAt(again, 3)).isEqualTo("entry 3");
  }

  @Test
  void an_entry_beyond_the_bound_is_refused_and_harms_nothing() throws IOException {
    WriteAheadLog log = openWith(disk, 1);
    assertThatThrownBy(() -> log.append(List.of(large(2, CONFIG.entryBytesMax() + 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("200001 bytes, at most 200000");
    log.append(List.of(entry(2, 1, "entry 2")));
    assertThat(textAt(log, 2)).isEqualTo("entry 2");
  }

  @Test
  void a_gap_is_a_bug_of_the_caller() throws IOException {
    WriteAheadLog log = openWith(disk, 2);
    assertThatThrownBy(() -> log.append(List.of(entry(4, 1, "entry 4"))))
        .isInstanceOf(InvariantViolation.class);
  }

  @Test
  void the_first_failure_is_final_and_told_once() throws IOException {
    for (int operation = 1; operation <= 2; operation++) {
      List<IOException> failures = new ArrayList<>();
      FaultDisk failing = new FaultDisk();
      WriteAheadLog log = new WriteAheadLog(failing, CONFIG, Runnable::run, failures::add);
      log.open();
      log.append(List.of(entry(1, 1, "entry 1")));
      failing.failAt(operation);
      assertThatThrownBy(() -> log.append(List.of(entry(2, 1, "entry 2"))))
          .isInstanceOf(LogFailedException.class);
      assertThatThrownBy(() -> log.append(List.of(entry(2, 1, "entry 2"))))
          .isSameAs(last(failures));
      assertThat(log.read(1)).isNotNull(); // what is on disk can be read all the same
      assertThatThrownBy(() -> log.reset(7)).isSameAs(last(failures));
      assertThat(failures).hasSize(1);
      assertThat(log.lastIndex()).isEqualTo(1);
      log.close();
      assertThat(open(failing.crash(new SplittableRandom(operation))).lastIndex())
          .isBetween(1L, 2L);
    }
  }

  private static IOException last(List<IOException> failures) {
    return failures.get(failures.size() - 1);
  }

  @Test
  void a_full_disk_stops_the_log_and_loses_nothing() throws IOException {
    disk.fullAfter(3L * CONFIG.segmentBytes());
    WriteAheadLog log = open(disk);
    long[] acknowledged = {0};
    assertThatThrownBy(
            () -> {
              for (int i = 1; i < 100; i++) {
                log.append(List.of(large(i, 4000)));
                acknowledged[0] = i;
              }
            })
        .isInstanceOf(LogFailedException.class)
        .hasMessageContaining("No space left on device");
    assertThat(acknowledged[0]).isGreaterThan(40);
    WriteAheadLog again = open(disk.crash(new SplittableRandom(1)).fullAfter(0));
    assertThat(again.lastIndex()).isEqualTo(acknowledged[0]);
    assertThat(again.read(again.lastIndex())).isEqualTo(ByteBuffer.wrap(large(4000)));
  }

  @Test
  void a_bit_flip_in_a_cleanly_closed_log_is_damage_or_harmless() throws IOException {
    WriteAheadLog log = openWith(disk, 20);
    long used = 32 + 20L * SegmentFormat.recordBytes(8);
    log.close();
    int found = 0;
    for (long bit = 0; bit < used * 8; bit += 3) {
      FaultDisk flipped = disk.restart();
      flipped.flip(FIRST_SEGMENT, bit);
      if (isDamaged(flipped, 20)) {
        found++;
      }
    }
    assertThat(found).isGreaterThan((int) (used * 8 / 3) * 9 / 10);
  }

  /** Whether opening fails; if it does not, nothing is missing. */
  private static boolean isDamaged(FaultDisk disk, int entries) throws IOException {
    try {
      WriteAheadLog log = open(disk);
      assertThat(log.lastIndex()).isEqualTo(entries);
      for (int i = 1; i <= entries; i++) {
        assertThat(textAt(log, i)).isEqualTo("entry " + i);
      }
      return false;
    } catch (LogDamagedException e) {
      assertThat(e).hasMessageContaining(FIRST_SEGMENT).hasMessageContaining("last good index");
      return true;
    }
  }

  @Test
  void a_bit_flip_before_the_last_batch_is_damage_after_a_crash_too() throws IOException {
    openWith(disk, 3);
    FaultDisk left = disk.crash(new SplittableRandom(1));
    left.flip(FIRST_SEGMENT, (32 + SegmentFormat.recordBytes(7) + 32) * 8L);
    assertThatThrownBy(() -> open(left))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("damaged at offset 72 (last good index 1)");
  }

  @Test
  void a_bit_flip_in_an_earlier_segment_is_damage() throws IOException {
    WriteAheadLog log = open(disk);
    for (int i = 1; i <= 40; i++) {
      log.append(List.of(large(i, 4000)));
    }
    for (int bit = 0; bit < 60_000 * 8; bit += 4001) {
      FaultDisk left = disk.restart();
      left.flip(FIRST_SEGMENT, bit);
      assertThatThrownBy(() -> open(left)).isInstanceOf(LogDamagedException.class);
    }
  }

  @Test
  void a_missing_segment_is_damage() throws IOException {
    WriteAheadLog log = open(disk);
    for (int i = 1; i <= 40; i++) {
      log.append(List.of(large(i, 4000)));
    }
    int count = disk.list().size();
    for (int missing = 2; missing < count; missing++) {
      FaultDisk left = disk.restart();
      left.delete(Segment.nameOf(missing));
      assertThatThrownBy(() -> open(left)).isInstanceOf(LogDamagedException.class);
    }
  }

  @Test
  void a_bit_flip_under_a_running_log_is_found_on_reading_and_stops_it() throws IOException {
    int record = SegmentFormat.recordBytes(7);
    for (int bit = 0; bit < (32 + 7) * 8; bit++) {
      FaultDisk flipped = new FaultDisk();
      WriteAheadLog log = openWith(flipped, 3);
      flipped.flip(FIRST_SEGMENT, (32 + record) * 8L + bit);
      assertThat(textAt(log, 1)).isEqualTo("entry 1");
      assertThatThrownBy(() -> log.read(2)).isInstanceOf(LogDamagedException.class);
      assertThatThrownBy(() -> log.read(1)).isInstanceOf(LogDamagedException.class);
    }
  }

  @Test
  void a_payload_that_looks_like_a_record_is_not_taken_for_one() throws IOException {
    WriteAheadLog log = openWith(disk, 2);
    ByteBuffer copy = ByteBuffer.allocate(3 * SegmentFormat.recordBytes(7));
    disk.open(FIRST_SEGMENT).read(copy, 32);
    copy.flip();
    log.append(List.of(new Entry(3, 1, false, copy)));
    FaultDisk left = disk.restart();
    left.flip(FIRST_SEGMENT, (32 + 2 * SegmentFormat.recordBytes(7)) * 8L);
    assertThat(open(left).lastIndex()).isEqualTo(2);
  }

  @Test
  void a_spare_segment_left_behind_is_used() throws IOException {
    openWith(disk, 1);
    FaultDisk left = disk.restart();
    int files = left.list().size();
    WriteAheadLog again = open(left);
    assertThat(left.list()).hasSize(files);
    again.append(List.of(large(2, 60_000)));
    again.append(List.of(large(3, 60_000)));
    assertThat(again.bytesOnDisk()).isEqualTo(left.list().size() * (long) CONFIG.segmentBytes());
  }

  @Test
  void a_record_left_over_from_a_torn_batch_never_comes_back() throws IOException {
    WriteAheadLog log = openWith(disk, 1);
    log.append(List.of(entry(2, 1, "entry 2"), entry(3, 1, "entry 3")));
    FaultDisk torn = disk.restart();
    torn.flip(FIRST_SEGMENT, (32 + SegmentFormat.recordBytes(7) + 32) * 8L);
    WriteAheadLog again = open(torn);
    assertThat(again.lastIndex()).isEqualTo(1);
    again.append(List.of(entry(2, 2, "other 2")));
    WriteAheadLog later = open(torn.crash(new SplittableRandom(1)));
    assertThat(later.lastIndex()).isEqualTo(2);
    assertThat(textAt(later, 2)).isEqualTo("other 2");
  }

  @Test
  void a_spare_whose_name_a_killed_process_did_not_sync_is_safe_to_use() throws IOException {
    open(disk);
    long directorySyncOfSpare = disk.operations();
    for (long seed = 0; seed < 20; seed++) {
      FaultDisk killed = new FaultDisk().cutPowerAt(directorySyncOfSpare);
      open(killed);
      FaultDisk left = killed.restart();
      WriteAheadLog log = new WriteAheadLog(left, CONFIG, task -> {}, failure -> {});
      log.open();
      assertThat(left.list()).contains(Segment.nameOf(2));
      log.append(List.of(large(1, 60_000)));
      log.append(List.of(large(2, 60_000)));
      assertThat(open(left.crash(new SplittableRandom(seed))).lastIndex()).isEqualTo(2);
    }
  }
}
