package io.quorate.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.lang.Metric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetricsPageTest {
  private final List<Metric> metrics = new ArrayList<>();
  private final MetricsPage page = new MetricsPage(() -> List.copyOf(metrics));

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void a_counter_has_one_suffix_however_it_is_named() {
    metrics.add(Metric.counter("reads_local", "queries answered here", 5));
    metrics.add(Metric.counter("leader_changes_total", "leaderships", 2));

    assertThat(page.text())
        .contains(
            """
            # HELP quorate_reads_local_total queries answered here
            # TYPE quorate_reads_local_total counter
            quorate_reads_local_total 5.0
            """)
        .contains(
            "# TYPE quorate_leader_changes_total counter\nquorate_leader_changes_total 2.0\n");
  }

  @Test
  void what_is_said_of_members_is_one_family() {
    Metric lag = Metric.gauge("member_lag_entries", "behind", 7);
    metrics.add(lag.of("n1"));
    metrics.add(Metric.gauge("raft_log_bytes", "log", 1 << 20));
    metrics.add(new Metric(lag.name(), lag.kind(), lag.meaning(), "o\"2", 0));

    assertThat(page.text())
        .contains(
            """
            # HELP quorate_member_lag_entries behind
            # TYPE quorate_member_lag_entries gauge
            quorate_member_lag_entries{member="n1"} 7.0
            quorate_member_lag_entries{member="o\\"2"} 0.0
            """)
        .contains("\nquorate_raft_log_bytes 1048576.0\n");
  }

  @Test
  void each_look_shows_the_figures_of_its_time() {
    assertThat(page.text()).doesNotContain("quorate_");
    metrics.add(Metric.gauge("store_views_open", "readers", 1));
    assertThat(page.text()).contains("\nquorate_store_views_open 1.0\n");
    metrics.set(0, Metric.gauge("store_views_open", "readers", 2));
    assertThat(page.text()).contains("\nquorate_store_views_open 2.0\n");
  }

  @Test
  void the_machine_below_is_there_too() {
    assertThat(page.text())
        .contains("jvm_memory_used_bytes{area=\"heap\"")
        .contains("jvm_threads_live_threads")
        .contains("process_cpu_usage")
        .contains("process_files_open_files");
  }
}
