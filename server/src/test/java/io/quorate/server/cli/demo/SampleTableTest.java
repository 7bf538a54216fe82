package io.quorate.server.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SampleTableTest {
  private static final double SCALE = 0.01;

  @Test
  void the_eight_tables_have_the_rows_that_the_benchmark_defines() {
    Map<String, Long> counts =
        SampleTable.ALL.stream()
            .collect(Collectors.toMap(SampleTable::name, table -> table.rows(SCALE).count()));

    assertThat(counts)
        .isEqualTo(
            Map.of(
                "region", 5L,
                "nation", 25L,
                "supplier", 100L,
                "customer", 1500L,
                "part", 2000L,
                "partsupp", 8000L,
                "orders", 15_000L,
                "lineitem", 60_175L));
  }

  @Test
  void region_is_filled_last_because_its_rows_mean_that_all_is_there() {
    assertThat(SampleTable.ALL.get(SampleTable.ALL.size() - 1).name()).isEqualTo("region");
  }

  @Test
  void a_row_has_a_value_for_each_parameter_of_its_insertion() {
    for (SampleTable<?> table : SampleTable.ALL) {
      long parameters = table.insertion().chars().filter(c -> c == '?').count();
      assertThat(table.rows(SCALE).limit(10))
          .allSatisfy(row -> assertThat(row).hasSize((int) parameters));
    }
  }

  @Test
  void statements_make_the_table_and_its_indexes() {
    SampleTable<?> supplier = table("supplier");

    assertThat(supplier.statements())
        .containsExactly(
            "CREATE TABLE IF NOT EXISTS supplier (s_suppkey BIGINT NOT NULL, s_name VARCHAR(25), "
                + "s_address VARCHAR(40), s_nationkey BIGINT, s_phone VARCHAR(15), "
                + "s_acctbal DECIMAL(15, 2), s_comment VARCHAR(101), PRIMARY KEY (s_suppkey))",
            "CREATE INDEX IF NOT EXISTS idx_s_nation ON supplier (s_nationkey)");
    assertThat(table("nation").insertion())
        .isEqualTo(
            "INSERT INTO nation (n_nationkey, n_name, n_regionkey, n_comment) VALUES (?, ?, ?, ?)");
    assertThat(SampleTable.ALL.stream().mapToLong(table -> table.statements().size() - 1).sum())
        .as("indexes")
        .isEqualTo(5);
  }

  @Test
  void amounts_are_decimals_and_days_are_dates() {
    List<Object> first = table("lineitem").rows(SCALE).findFirst().orElseThrow();

    assertThat(first.subList(0, 8))
        .containsExactly(
            1L,
            1552L,
            93L,
            1,
            new BigDecimal("17"),
            new BigDecimal("24710.35"),
            new BigDecimal("0.04"),
            new BigDecimal("0.02"));
    assertThat(first.subList(10, 13))
        .containsExactly(
            Date.valueOf("1996-03-13"), Date.valueOf("1996-02-12"), Date.valueOf("1996-03-22"));
  }

  private static SampleTable<?> table(String name) {
    return SampleTable.ALL.stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
