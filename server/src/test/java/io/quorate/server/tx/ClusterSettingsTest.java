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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterSettingsTest {
  @TempDir Path directory;
  private LocalReplica local;
  private Transactions transactions;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), Rows::catalog, TxConfig.DEFAULT, System::nanoTime, 77);
  }

  @AfterEach
  void close() {
    local.close();
  }

  private static Control soon() {
    return new Control(Deadline.after(Duration.ofSeconds(30), System::nanoTime), CancelFlag.NEVER);
  }

  private void set(String name, String value) {
    ClusterSettings.set(transactions, name, value, soon());
  }

  private Optional<String> find(String name) {
    try (ReadView view = local.replica().readView()) {
      return ClusterSettings.find(view, name);
    }
  }

  private long revision() {
    try (ReadView view = local.replica().readView()) {
      return view.revision();
    }
  }

  @Test
  void a_row_is_in_its_published_form() {
    assertThat(ClusterSettings.key("max_f")).hasToString("6d61785f66");
    assertThat(ClusterSettings.row("4ä")).hasToString("0134c3a4");
    assertThat(ClusterSettings.row("")).hasToString("01");
  }

  @Test
  void a_setting_has_the_value_that_it_was_given_last() {
    assertThat(find("a")).isEmpty();
    set("a", "1");
    set("b", "");
    set("a", "2");
    assertThat(find("a")).hasValue("2");
    assertThat(find("b")).hasValue("");
    assertThat(find("A")).isEmpty();
  }

  @Test
  void the_value_that_it_has_is_not_written_again() {
    set("a", "1");
    long before = revision();
    set("a", "1");
    assertThat(revision()).isEqualTo(before);
  }

  @Test
  void a_row_of_a_later_format_is_passed_over_and_written_anew() {
    Row later = Row.wrap(new byte[] {2, 9, 9});
    StoreChange change =
        new StoreChange(ClusterSettings.STORE_TABLE, ClusterSettings.key("a"), null, later);
    var unused =
        transactions.write(
            List.of(transactions.ofSystem(view -> new Plan.Changes(0, List.of(change), List.of()))),
            Request.UNNAMED,
            soon());
    assertThat(find("a")).isEmpty();
    set("a", "3");
    assertThat(find("a")).hasValue("3");
  }
}
