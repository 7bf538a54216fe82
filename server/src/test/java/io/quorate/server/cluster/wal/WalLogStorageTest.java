package io.quorate.server.cluster.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.JRaftUtils;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.error.LogEntryCorruptedException;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JRaft asks of its log, in the order of its own storage test. */
final class WalLogStorageTest {
  private FaultDisk disk = new FaultDisk();
  private ConfigurationManager configurations = new ConfigurationManager();
  private long nanos;

  private WalLogStorage open(Disk on) {
    configurations = new ConfigurationManager();
    LogStorageOptions options = new LogStorageOptions();
    options.setConfigurationManager(configurations);
    options.setLogEntryCodecFactory(LogEntryV2CodecFactory.getInstance());
    WalLogStorage storage =
        new WalLogStorage(on, LogModel.CONFIG, Runnable::run, failure -> {}, () -> nanos);
    assertThat(storage.init(options)).isTrue();
    return storage;
  }

  private static LogEntry entry(long index, long term) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(index, term));
    entry.setData(ByteBuffer.wrap(("data " + index).getBytes(StandardCharsets.UTF_8)));
    return entry;
  }

  private static List<LogEntry> entries(long from, long to, long term) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      entries.add(entry(index, term));
    }
    return entries;
  }

  private static LogEntry membership(long index, String peers, String learners) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
    entry.setId(new LogId(index, 1));
    entry.setPeers(JRaftUtils.getConfiguration(peers).listPeers());
    entry.setLearners(
        learners.isEmpty() ? null : JRaftUtils.getConfiguration(learners).listPeers());
    return entry;
  }

  @Test
  void an_empty_log_is_what_jraft_takes_for_empty() {
    WalLogStorage storage = open(disk);
    assertThat(storage.getFirstLogIndex()).isEqualTo(1);
    assertThat(storage.getLastLogIndex()).isZero();
    assertThat(storage.getEntry(100)).isNull();
    assertThat(storage.getEntry(0)).isNull();
  }

  @Test
  void what_no_snapshot_covers_is_known_after_a_restart() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 200, 1));
    long all = storage.bytesAppended();
    assertThat(all).isPositive();
    assertThat(storage.bytesSinceSnapshot()).isEqualTo(all);
    storage.shutdown();
    storage = open(disk.restart());
    assertThat(storage.bytesAppended()).isZero();
    assertThat(storage.bytesSinceSnapshot()).isEqualTo(all);
    storage.appendEntries(entries(201, 210, 1));
    assertThat(storage.bytesSinceSnapshot()).isEqualTo(all + storage.bytesAppended());
    configurations.setSnapshot(snapshotAt(200));
    assertThat(storage.bytesSinceSnapshot()).isEqualTo(storage.bytesAppended());
    configurations.setSnapshot(snapshotAt(210));
    assertThat(storage.bytesSinceSnapshot()).isZero();
    configurations.setSnapshot(snapshotAt(5_000));
    assertThat(storage.bytesSinceSnapshot()).isZero();
  }

  private static ConfigurationEntry snapshotAt(long index) {
    return new ConfigurationEntry(
        new LogId(index, 1), JRaftUtils.getConfiguration(""), JRaftUtils.getConfiguration(""));
  }

  @Test
  void entries_come_back_as_they_were_after_a_restart() {
    WalLogStorage storage = open(disk);
    assertThat(storage.appendEntry(entry(1, 1))).isTrue();
    assertThat(storage.appendEntries(entries(2, 200, 1))).isEqualTo(199);
    storage.shutdown();
    storage = open(disk.restart());
    assertThat(storage.getFirstLogIndex()).isEqualTo(1);
    assertThat(storage.getLastLogIndex()).isEqualTo(200);
    for (long index = 1; index <= 200; index++) {
      assertThat(storage.getEntry(index)).isEqualTo(entry(index, 1));
    }
    assertThat(storage.getEntry(201)).isNull();
  }

  @Test
  void memberships_are_told_when_the_log_is_opened() {
    WalLogStorage storage = open(disk);
    LogEntry second = membership(3, "a:1,b:2,c:3", "d:4");
    second.setOldPeers(JRaftUtils.getConfiguration("a:1,b:2").listPeers());
    storage.appendEntries(
        List.of(membership(1, "a:1,b:2", ""), entry(2, 1), second, membership(4, "z:1", "")));
    assertThat(storage.truncateSuffix(3)).isTrue();
    storage = open(disk.crash(new SplittableRandom(1)));
    ConfigurationEntry first = configurations.get(2);
    assertThat(first.getId()).isEqualTo(new LogId(1, 1));
    assertThat(first.getConf().listPeers()).hasSize(2);
    assertThat(first.getOldConf().isEmpty()).isTrue();
    ConfigurationEntry last = configurations.getLastConfiguration();
    assertThat(last.getId()).isEqualTo(new LogId(3, 1));
    assertThat(last.getConf().listPeers()).hasSize(3);
    assertThat(last.getConf().listLearners()).containsExactly(PeerId.parsePeer("d:4"));
    assertThat(last.getOldConf().listPeers()).hasSize(2);
    assertThat(storage.getEntry(3)).isEqualTo(second);
  }

  @Test
  void both_ends_can_be_cut() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 10, 1));
    assertThat(storage.truncatePrefix(5)).isTrue();
    assertThat(storage.getFirstLogIndex()).isEqualTo(5);
    assertThat(storage.truncateSuffix(8)).isTrue();
    assertThat(storage.getLastLogIndex()).isEqualTo(8);
    assertThat(storage.getEntry(9)).isNull();
    assertThat(storage.appendEntries(entries(9, 12, 2))).isEqualTo(4);
    storage = open(disk.crash(new SplittableRandom(1)));
    assertThat(storage.getFirstLogIndex()).isLessThanOrEqualTo(5);
    assertThat(storage.getLastLogIndex()).isEqualTo(12);
    assertThat(storage.getEntry(8)).isEqualTo(entry(8, 1));
    assertThat(storage.getEntry(9)).isEqualTo(entry(9, 2));
  }

  /** Of another thread, which was told before that it is there. */
  @Test
  void what_is_cut_off_in_front_can_be_read_for_a_second() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 10, 1));
    storage.truncatePrefix(5);
    nanos += 999_999_999;
    storage.appendEntries(entries(11, 11, 1));
    assertThat(storage.getEntry(4)).isEqualTo(entry(4, 1));
    nanos += 1;
    storage.appendEntries(entries(12, 12, 1));
    assertThat(storage.getEntry(4)).isNull();
    assertThat(storage.getEntry(5)).isEqualTo(entry(5, 1));
    assertThat(storage.getFirstLogIndex()).isEqualTo(5);
  }

  @Test
  void the_next_cut_in_front_ends_the_one_before() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 10, 1));
    storage.truncatePrefix(5);
    storage.truncatePrefix(8);
    assertThat(storage.getFirstLogIndex()).isEqualTo(8);
    assertThat(storage.getEntry(4)).isNull();
    assertThat(storage.getEntry(7)).isEqualTo(entry(7, 1));
  }

  @Test
  void a_cut_in_front_that_is_due_leaves_alone_what_was_cut_off_at_the_end() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 10, 1));
    storage.truncatePrefix(10);
    storage.truncateSuffix(7);
    nanos += 1_000_000_000;
    assertThat(storage.appendEntries(entries(8, 9, 2))).isEqualTo(2);
    assertThat(storage.appendEntries(entries(10, 12, 2))).isEqualTo(3);
    assertThat(storage.getFirstLogIndex()).isEqualTo(8);
    assertThat(storage.getEntry(7)).isNull();
    assertThat(storage.getEntry(8)).isEqualTo(entry(8, 2));
  }

  @Test
  void a_reset_forgets_a_cut_in_front() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 10, 1));
    storage.truncatePrefix(8);
    storage.reset(3);
    nanos += 1_000_000_000;
    assertThat(storage.getFirstLogIndex()).isEqualTo(3);
    assertThat(storage.appendEntries(entries(3, 4, 2))).isEqualTo(2);
    assertThat(storage.getFirstLogIndex()).isEqualTo(3);
  }

  @Test
  void a_prefix_beyond_the_end_and_a_reset_leave_an_empty_log_behind_them() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 10, 1));
    assertThat(storage.truncatePrefix(16)).isTrue();
    assertThat(storage.getFirstLogIndex()).isEqualTo(16);
    assertThat(storage.getLastLogIndex()).isEqualTo(15);
    assertThat(storage.appendEntries(entries(16, 20, 2))).isEqualTo(5);
    assertThat(storage.reset(5)).isTrue();
    assertThat(storage.getEntry(16)).isNull();
    storage = open(disk.restart());
    assertThat(storage.getFirstLogIndex()).isEqualTo(5);
    assertThat(storage.getLastLogIndex()).isEqualTo(4);
    assertThat(storage.appendEntries(entries(5, 6, 3))).isEqualTo(2);
  }

  @Test
  void a_failed_append_counts_no_entries_and_leaves_those_before_to_be_read() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 3, 1));
    disk.failAt(2);
    assertThat(storage.appendEntries(entries(4, 5, 1))).isZero();
    assertThat(storage.truncateSuffix(1)).isFalse();
    assertThat(storage.getEntry(1)).isEqualTo(entry(1, 1));
    assertThat(storage.getEntry(4)).isNull();
  }

  @Test
  void an_entry_that_is_not_as_it_was_written_is_no_conflict() {
    WalLogStorage storage = open(disk);
    storage.appendEntries(entries(1, 3, 1));
    disk.flip("00000000000000000001.log", 8L * 60);
    assertThatThrownBy(() -> storage.getEntry(1)).isInstanceOf(LogEntryCorruptedException.class);
  }

  @Test
  void reads_and_writes_survive_an_interrupt_on_a_real_disk(@TempDir Path directory) {
    WalLogStorage storage = open(new DirectoryDisk(directory));
    storage.appendEntries(entries(1, 3, 1));
    Thread.currentThread().interrupt();
    LogEntry read = storage.getEntry(2);
    int appended = storage.appendEntries(entries(4, 4, 1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(read).isEqualTo(entry(2, 1));
    assertThat(appended).isEqualTo(1);
    storage.shutdown();
    storage = open(new DirectoryDisk(directory));
    assertThat(storage.getEntry(4)).isEqualTo(entry(4, 1));
    storage.shutdown();
  }

  @Test
  void a_vote_that_is_not_durable_is_an_exception() {
    VoteFileStorage votes = new VoteFileStorage(disk, failure -> {});
    assertThat(votes.init(new RaftMetaStorageOptions())).isTrue();
    assertThat(votes.getVotedFor().isEmpty()).isTrue();
    assertThat(votes.setTermAndVotedFor(4, PeerId.parsePeer("a:1::50"))).isTrue();
    assertThat(votes.setVotedFor(PeerId.parsePeer("a:1::70"))).isTrue();
    disk.failAt(1);
    assertThatThrownBy(() -> votes.setTermAndVotedFor(5, PeerId.parsePeer("b:1")))
        .isInstanceOf(UncheckedIOException.class);
    disk = disk.restart();
    VoteFileStorage again = new VoteFileStorage(disk, failure -> {});
    again.init(new RaftMetaStorageOptions());
    assertThat(again.getTerm()).isEqualTo(4);
    assertThat(again.getVotedFor()).isEqualTo(PeerId.parsePeer("a:1"));
  }

  @Test
  void a_vote_file_behind_the_log_does_not_open() {
    VoteFileStorage votes = new VoteFileStorage(disk, failure -> {});
    votes.init(new RaftMetaStorageOptions());
    votes.setTerm(4);
    votes.shutdown();

    VoteFileStorage again = new VoteFileStorage(disk, failure -> {});
    again.requireTermFrom(5);
    assertThat(again.init(new RaftMetaStorageOptions())).isFalse();

    VoteFileStorage upToDate = new VoteFileStorage(disk, failure -> {});
    upToDate.requireTermFrom(4);
    assertThat(upToDate.init(new RaftMetaStorageOptions())).isTrue();
  }
}
