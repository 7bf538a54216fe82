package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatementKindTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT NEXT VALUE FOR s",
        "select nextval('s')",
        "WITH x AS (SELECT 1) SELECT NEXTVAL('s') FROM x",
        "VALUES (NEXT\n VALUE  FOR s)",
        "SELECT id FROM t WHERE id = CurrVal('s')",
        "SELECT CURRENT VALUE FOR s",
      })
  void who_asks_a_sequence_asks_the_leader(String sql) {
    assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t FOR UPDATE",
        "select * from t where id = ? for\n  update of t skip locked",
        "SELECT id FROM t FOR SHARE NOWAIT",
        "(SELECT id FROM t) FOR NO KEY UPDATE",
        "SELECT id FROM t FOR KEY SHARE",
      })
  void who_locks_what_it_reads_asks_the_leader(String sql) {
    assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT SUBSTRING(a FROM 1 FOR 2) FROM t",
        "SELECT * FROM perform_update",
        "SELECT 1",
        "VALUES (1)",
        "SELECT val, value, nextvalue FROM t",
        "SELECT interval_next FROM v",
        "(SELECT 1) UNION SELECT 2",
      })
  void other_queries_may_be_read_anywhere(String sql) {
    assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.READ);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADMIN SHOW NODES", "admin /* me */ show\tcurrent node"})
  void a_node_shows_itself_where_it_is_asked(String sql) {
    assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.READ);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADMIN SET ADMIN", "admin connect 'h:1' AS LEARNER"})
  void a_node_is_changed_where_it_is_told(String sql) {
    assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.OF_ONE_NODE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADMIN REMOVE NODE 'SHOW'", "ADMIN", "ADMIN SHOWN", "ADMINSHOW NODES"})
  void the_leader_changes_the_membership(String sql) {
    assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.OTHER);
  }
}
