package io.quorate.server.cluster.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.lang.InvariantViolation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Term and vote, under crashes and damage. */
final class VoteFileTest {
  private final FaultDisk disk = new FaultDisk();

  private static VoteFile open(Disk disk) throws IOException {
    VoteFile file = new VoteFile(disk, failure -> {});
    file.open();
    return file;
  }

  @Test
  void remembers_the_last_vote() throws IOException {
    VoteFile file = open(disk);
    assertThat(file.vote()).isEqualTo(Vote.NONE);
    file.set(new Vote(3, ""));
    file.set(new Vote(3, "büro:1"));
    assertThat(open(disk.crash(new SplittableRandom(1))).vote()).isEqualTo(new Vote(3, "büro:1"));
  }

  @Test
  void a_change_is_one_write_and_one_sync_and_a_repetition_nothing() throws IOException {
    VoteFile file = open(disk);
    long before = disk.operations();
    file.set(new Vote(1, "a"));
    assertThat(disk.operations() - before).isEqualTo(2);
    file.set(new Vote(1, "a"));
    assertThat(disk.operations() - before).isEqualTo(2);
  }

  @Test
  void terms_never_go_back_and_a_vote_stands() throws IOException {
    VoteFile file = open(disk);
    file.set(new Vote(2, "a"));
    for (Vote forbidden : List.of(new Vote(1, "a"), new Vote(2, "b"), new Vote(2, ""))) {
      assertThatThrownBy(() -> file.set(forbidden)).isInstanceOf(InvariantViolation.class);
    }
    assertThat(open(disk.restart()).vote()).isEqualTo(new Vote(2, "a"));
  }

  @Test
  void terms_and_votes_survive_a_crash_at_every_operation() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      boolean died = true;
      for (int operation = 1; died; operation++) {
        died = survives(new FaultDisk().cutPowerAt(operation), new SplittableRandom(seed), 15);
      }
    }
  }

  /** Changes the vote until the disk dies, thrice in a row; whether it died the first time. */
  private static boolean survives(FaultDisk first, RandomGenerator random, int changes)
      throws IOException {
    FaultDisk disk = first;
    Vote stored = Vote.NONE;
    boolean died = false;
    for (int run = 0; run < 3; run++) {
      Vote wanted = stored;
      try {
        VoteFile file = open(disk);
        assertThat(file.vote()).isEqualTo(stored);
        for (int i = 0; i < changes; i++) {
          wanted = following(stored, random);
          file.set(wanted);
          stored = wanted;
        }
      } catch (IOException e) {
        died |= run == 0;
      }
      FaultDisk left = random.nextBoolean() ? disk.crash(random) : disk.restart();
      Vote found = open(left).vote();
      assertThat(found).isIn(stored, wanted);
      stored = found;
      disk = left.crash(random).cutPowerAt(1 + random.nextInt(20));
    }
    return died;
  }

  private static Vote following(Vote vote, RandomGenerator random) {
    boolean votes = vote.votedFor().isEmpty() && random.nextBoolean();
    return votes
        ? new Vote(vote.term(), "node" + random.nextInt(3))
        : new Vote(vote.term() + 1 + random.nextInt(3), random.nextBoolean() ? "" : "node9");
  }

  @Test
  void a_file_with_no_whole_slot_is_damage() throws IOException {
    VoteFile file = open(disk);
    file.set(new Vote(1, "a"));
    file.set(new Vote(2, "a"));
    FaultDisk left = disk.restart();
    left.flip(VoteFile.NAME, 20 * 8);
    assertThat(open(left).vote()).isNotEqualTo(Vote.NONE);
    FaultDisk worse = left.restart();
    worse.flip(VoteFile.NAME, (VoteFile.SLOT_STRIDE + 20) * 8);
    assertThatThrownBy(() -> open(worse)).isInstanceOf(LogDamagedException.class);
  }

  @Test
  void the_first_failure_is_final() throws IOException {
    for (int operation = 1; operation <= 2; operation++) {
      List<IOException> failures = new ArrayList<>();
      FaultDisk failing = new FaultDisk();
      VoteFile file = new VoteFile(failing, failures::add);
      file.open();
      failing.failAt(operation);
      assertThatThrownBy(() -> file.set(new Vote(1, "a"))).isInstanceOf(LogFailedException.class);
      assertThatThrownBy(() -> file.set(new Vote(1, "a"))).isSameAs(failures.get(0));
      assertThat(failures).hasSize(1);
      assertThat(file.vote()).isEqualTo(Vote.NONE);
    }
  }
}
