package io.quorate.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Calcite takes for columns that a table is extended by, and its planner stumbles over. */
class TypedColumnTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t (id, name  n) VALUES (1, 'a')",
        "INSERT INTO t (id INT) VALUES (1)",
        "INSERT INTO t (id INT, name VARCHAR(9)) SELECT 1, 'a'",
        "UPDATE t (x INT) SET x = 1",
        "DELETE FROM t EXTEND (x INT)",
        "SELECT x FROM t EXTEND (x INT)",
        "SELECT x FROM t (x INT)"
      })
  void columns_have_types_where_their_table_is_created(String sql) {
    assertThatThrownBy(() -> StatementParser.parse(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> {
              assertThat(failure.state()).isEqualTo(State.SYNTAX_ERROR);
              assertThat(failure.getMessage())
                  .contains("column ")
                  .endsWith("a column has its type where its table is created");
            });
  }
}
