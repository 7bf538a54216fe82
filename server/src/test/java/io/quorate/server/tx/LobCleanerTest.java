package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LobCleanerTest {
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final int PART = 2 * LobKeys.CHUNK_BYTES;

  @TempDir Path directory;
  private final AtomicLong clock = new AtomicLong();
  private final Random random = new Random(11);
  private LocalReplica local;
  private Transactions transactions;
  private LobCleaner cleaner;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), Rows::catalog, TxConfig.DEFAULT, clock::get, 77);
    cleaner = new LobCleaner(transactions, IDLE);
  }

  @AfterEach
  void close() {
    local.close();
  }

  private static Control control() {
    return new Control(Deadline.after(Duration.ofSeconds(20), System::nanoTime), CancelFlag.NEVER);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private void stage(long id, long offset, byte[] bytes, boolean last) {
    var unused =
        transactions.stage(new LobPart(id, offset, bytes, last), Request.UNNAMED, control());
  }

  private long rows(int table) {
    try (ReadView view = local.replica().readView()) {
      return view.rowCount(table);
    }
  }

  private Optional<Row> find(RowKey key) {
    try (ReadView view = local.replica().readView()) {
      return view.find(LobKeys.REGISTER, key);
    }
  }

  private void change(RowKey key, @Nullable Row seen, @Nullable Row value) {
    StoreChange change = new StoreChange(LobKeys.REGISTER, key, seen, value);
    var unused =
        transactions.write(
            List.of(transactions.ofSystem(view -> new Plan.Changes(0, List.of(change), List.of()))),
            Request.UNNAMED,
            control());
  }

  private void later(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void parts_come_in_order_and_again_without_harm() {
    byte[] first = bytes(PART);
    byte[] second = bytes(1000);
    stage(5, 0, first, false);
    stage(5, 0, first, false);
    stage(5, PART, second, true);
    stage(5, PART, second, true);
    stage(5, 0, first, false);
    assertThat(LobKeys.Staged.decode(find(LobKeys.staged(5)).orElseThrow()))
        .isEqualTo(new LobKeys.Staged(PART + 1000, true));
    try (ReadView view = local.replica().readView()) {
      assertThat(LobKeys.read(view, 5, 0, PART)).isEqualTo(first);
      assertThat(LobKeys.read(view, 5, PART, 5000)).isEqualTo(second);
      assertThat(LobKeys.read(view, 5, PART - 1, 2)).containsExactly(first[PART - 1], second[0]);
      assertThat(LobKeys.read(view, 5, PART + 1000, 10)).isEmpty();
    }
    for (LobPart wrong :
        List.of(new LobPart(5, 2 * PART, bytes(10), true), new LobPart(6, PART, bytes(10), true))) {
      assertThatThrownBy(() -> transactions.stage(wrong, Request.UNNAMED, control()))
          .isInstanceOfSatisfying(
              QuorateException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER));
    }
    assertThatThrownBy(() -> new LobPart(5, 0, bytes(10), false)).hasMessageContaining("multiple");
  }

  @Test
  void a_value_without_a_statement_goes_after_a_while_without_parts() {
    stage(5, 0, bytes(PART), false);
    cleaner.run();
    later(IDLE.minusSeconds(1));
    cleaner.run();
    stage(5, PART, bytes(PART), false);
    cleaner.run();
    later(IDLE.minusSeconds(1));
    cleaner.run();
    assertThat(rows(LobKeys.CHUNKS)).isEqualTo(4);

    later(Duration.ofSeconds(2));
    cleaner.run();
    assertThat(rows(LobKeys.CHUNKS)).isZero();
    assertThat(rows(LobKeys.REGISTER)).isZero();
    assertThatThrownBy(() -> stage(5, 2 * PART, bytes(1), true)).hasMessageContaining("is gone");
  }

  @Test
  void another_leadership_begins_to_wait_anew() {
    stage(5, 0, bytes(PART), true);
    cleaner.run();
    later(IDLE.plusSeconds(1));
    local.lead(2);
    cleaner = new LobCleaner(transactions, IDLE);
    cleaner.run();
    assertThat(rows(LobKeys.CHUNKS)).isEqualTo(2);
    later(IDLE.plusSeconds(1));
    cleaner.run();
    assertThat(rows(LobKeys.CHUNKS)).isZero();
  }

  @Test
  void what_a_row_has_stays_and_what_was_seen_is_shown() {
    stage(5, 0, bytes(PART), true);
    stage(6, 0, bytes(PART), true);
    change(LobKeys.staged(5), find(LobKeys.staged(5)).orElseThrow(), null);
    change(LobKeys.live(70, 5), null, LobKeys.PRESENT);
    change(LobKeys.staged(6), find(LobKeys.staged(6)).orElseThrow(), null);
    change(LobKeys.dead(6), null, LobKeys.PRESENT);
    try (ReadView before = local.replica().readView()) {
      cleaner.run();
      assertThat(LobKeys.read(before, 6, 0, 10)).hasSize(10);
    }
    assertThat(rows(LobKeys.CHUNKS)).isEqualTo(2);
    assertThat(rows(LobKeys.REGISTER)).isEqualTo(1);
  }

  @Test
  void a_table_that_is_gone_takes_its_values_along() {
    for (long id = 1; id <= 3; id++) {
      stage(id, 0, bytes(100), true);
      change(LobKeys.staged(id), find(LobKeys.staged(id)).orElseThrow(), null);
      change(LobKeys.live(id == 3 ? 71 : 70, id), null, LobKeys.PRESENT);
    }
    change(LobKeys.tableGone(70), null, LobKeys.PRESENT);
    cleaner.run();
    assertThat(rows(LobKeys.CHUNKS)).isEqualTo(1);
    assertThat(find(LobKeys.live(71, 3))).isPresent();
    assertThat(rows(LobKeys.REGISTER)).isEqualTo(1);
  }

  @Test
  void a_large_value_is_removed_in_many_small_writes() {
    int parts = 100;
    for (int i = 0; i < parts; i++) {
      stage(5, (long) i * PART, bytes(PART), i == parts - 1);
    }
    change(LobKeys.dead(5), null, LobKeys.PRESENT);
    change(LobKeys.staged(5), find(LobKeys.staged(5)).orElseThrow(), null);
    long before = local.replica().store().appliedRevision();
    cleaner.run();
    assertThat(rows(LobKeys.CHUNKS)).isZero();
    assertThat(rows(LobKeys.REGISTER)).isZero();
    assertThat(local.replica().store().appliedRevision() - before).isBetween(4L, 6L);
  }
}
