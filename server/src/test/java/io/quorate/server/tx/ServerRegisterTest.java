package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.lang.Deadline;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerRegisterTest {
  private static final int BOTH = ServerEntry.DATA | ServerEntry.META;

  @TempDir Path directory;
  private LocalReplica local;
  private Transactions transactions;
  private final List<ServerEntry> members = new ArrayList<>();
  private ServerRegister register;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), Rows::catalog, TxConfig.DEFAULT, System::nanoTime, 77);
    register = new ServerRegister(transactions, () -> members);
  }

  @AfterEach
  void close() {
    local.close();
  }

  private static ServerEntry member(String name, int services) {
    return new ServerEntry(0, name + ":7", services, name + ":1", name + ":2", name + ":3");
  }

  private static ServerEntry silent(String name, int services) {
    return new ServerEntry(0, name + ":7", services, "", "", "");
  }

  private static ServerEntry of(int id, ServerEntry member) {
    return member.withId(id);
  }

  private List<ServerEntry> stored() {
    try (ReadView view = local.replica().readView()) {
      return ServerEntry.readAll(view).orElseThrow();
    }
  }

  private long revision() {
    try (ReadView view = local.replica().readView()) {
      return view.revision();
    }
  }

  private void runWith(ServerEntry... now) {
    members.clear();
    members.addAll(List.of(now));
    register.run();
  }

  @Test
  void a_row_is_in_its_published_form() {
    ServerEntry entry = new ServerEntry(258, "n1:9", BOTH, "ä:1", "", "c");
    assertThat(entry.key()).hasToString("00000102");
    assertThat(entry.toRow())
        .hasToString("0103" + "000000046e313a39" + "00000004c3a43a31" + "00000000" + "0000000163");
  }

  @Test
  void a_node_that_has_always_been_alone_is_1_and_writes_nothing() {
    long before = revision();
    runWith(member("n1", BOTH));
    runWith();
    assertThat(stored()).isEmpty();
    assertThat(revision()).isEqualTo(before);
    assertThat(ServerRegister.shown(List.of(), List.of(member("n1", BOTH))))
        .containsExactly(of(1, member("n1", BOTH)));
    assertThat(ServerRegister.shown(List.of(), List.of(member("n1", BOTH), member("n2", BOTH))))
        .isEmpty();
  }

  @Test
  void members_get_ids_in_their_order_and_keep_them() {
    runWith(member("n1", BOTH), member("n2", BOTH), member("n3", BOTH));
    List<ServerEntry> three =
        List.of(of(1, member("n1", BOTH)), of(2, member("n2", BOTH)), of(3, member("n3", BOTH)));
    assertThat(stored()).isEqualTo(three);

    // Another one leads, and a data node has come.
    runWith(
        member("n3", BOTH), member("a4", ServerEntry.DATA), member("n1", BOTH), member("n2", BOTH));
    List<ServerEntry> four = new ArrayList<>(three);
    four.add(of(4, member("a4", ServerEntry.DATA)));
    assertThat(stored()).isEqualTo(four);
    assertThat(ServerRegister.shown(stored(), List.of())).isEqualTo(four);
  }

  @Test
  void what_is_known_already_is_not_written_again() {
    runWith(member("n1", BOTH), member("n2", BOTH));
    long before = revision();
    runWith(member("n2", BOTH), member("n1", BOTH));
    assertThat(revision()).isEqualTo(before);
  }

  @Test
  void a_silent_member_keeps_its_addresses_and_gets_no_id_without_any() {
    runWith(member("n1", BOTH), silent("n2", BOTH), member("n3", BOTH));
    assertThat(stored()).containsExactly(of(1, member("n1", BOTH)), of(2, member("n3", BOTH)));
    runWith(member("n1", BOTH), member("n2", BOTH), silent("n3", BOTH));
    List<ServerEntry> all =
        List.of(of(1, member("n1", BOTH)), of(2, member("n3", BOTH)), of(3, member("n2", BOTH)));
    assertThat(stored()).isEqualTo(all);
    // What it does is known without hearing it.
    runWith(member("n1", BOTH), member("n2", BOTH), silent("n3", ServerEntry.DATA));
    assertThat(stored()).contains(of(2, member("n3", ServerEntry.DATA)));
  }

  @Test
  void an_address_that_has_changed_is_written() {
    runWith(member("n1", BOTH), member("n2", BOTH));
    ServerEntry moved = new ServerEntry(0, "n2:7", BOTH, "elsewhere:1", "n2:2", "n2:3");
    runWith(member("n1", BOTH), moved);
    assertThat(stored()).containsExactly(of(1, member("n1", BOTH)), of(2, moved));
  }

  @Test
  void an_id_is_never_given_again_though_its_member_may_come_back() {
    runWith(member("n1", BOTH), member("n2", BOTH), member("n3", BOTH));
    runWith(member("n1", BOTH), member("n2", BOTH));
    assertThat(ServerRegister.shown(stored(), List.of())).hasSize(2);
    // The same name on another directory is another member.
    ServerEntry other = new ServerEntry(0, "n3:8", BOTH, "n3:1", "n3:2", "n3:3");
    runWith(member("n1", BOTH), member("n2", BOTH), other);
    assertThat(ServerRegister.shown(stored(), List.of()))
        .containsExactly(of(1, member("n1", BOTH)), of(2, member("n2", BOTH)), of(4, other));
    runWith(member("n1", BOTH), member("n3", BOTH));
    assertThat(ServerRegister.shown(stored(), List.of()))
        .containsExactly(of(1, member("n1", BOTH)), of(3, member("n3", BOTH)));
    // All others may go: it is not as if nobody had been there.
    runWith(member("n1", BOTH));
    assertThat(ServerRegister.shown(stored(), members)).containsExactly(of(1, member("n1", BOTH)));
    runWith(member("n1", BOTH), member("n5", BOTH));
    assertThat(ServerRegister.shown(stored(), members))
        .containsExactly(of(1, member("n1", BOTH)), of(5, member("n5", BOTH)));
  }

  @Test
  void what_a_later_version_has_written_is_left_alone() {
    runWith(member("n1", BOTH), member("n2", BOTH));
    ServerEntry third = of(3, member("n3", BOTH));
    Row later = Row.wrap(new byte[] {2, 0});
    StoreChange change = new StoreChange(ServerEntry.STORE_TABLE, third.key(), null, later);
    Control control =
        new Control(Deadline.after(Duration.ofSeconds(20), System::nanoTime), CancelFlag.NEVER);
    var unused =
        transactions.write(
            List.of(transactions.ofSystem(view -> new Plan.Changes(0, List.of(change), List.of()))),
            Request.UNNAMED,
            control);
    long before = revision();
    runWith(member("n1", BOTH), member("n4", BOTH));
    assertThat(revision()).isEqualTo(before);
    try (ReadView view = local.replica().readView()) {
      assertThat(ServerEntry.readAll(view)).isEmpty();
    }
  }
}
