package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.StatementNode;
import io.quorate.sql.parse.StatementParser;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShowQueriesTest {
  private static Optional<SqlNode> query(String sql) {
    StatementNode node = (StatementNode) StatementParser.parse(sql);
    return ShowQueries.of(node.statement(), Catalog.empty(), "PUBLIC");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SHOW TABLES|FROM `INFORMATION_SCHEMA`.`TABLES` WHERE `TABLE_SCHEMA` = 'PUBLIC'",
        "SHOW TABLES FROM system|WHERE `TABLE_SCHEMA` = 'SYSTEM'",
        "SHOW SCHEMAS|FROM `INFORMATION_SCHEMA`.`SCHEMATA`",
        "SHOW COLUMNS FROM system.\"it's\"|WHERE `TABLE_SCHEMA` = 'SYSTEM' AND `TABLE_NAME` = 'it''s'",
        "SHOW SERVERS|FROM `SYSTEM`.`SERVERS` ORDER BY `SERVICE`, `ID`",
        "SHOW NODES|FROM `SYSTEM`.`NODES`",
      })
  void show_stands_for_a_query(String sql, String part) {
    String text = query(sql).orElseThrow().toString().replaceAll("\\s+", " ");
    assertThat(text.replace("''''", "''")).contains(part);
  }

  @Test
  void other_statements_stand_for_none() {
    assertThat(query("SHOW ALL")).isEmpty();
    assertThat(query("DROP TABLE t")).isEmpty();
  }

  @Test
  void what_is_not_there_is_not_shown() {
    SqlFailure table = catchThrowableOfType(SqlFailure.class, () -> query("SHOW COLUMNS FROM t"));
    assertThat(table.state()).isEqualTo(State.TABLE_NOT_FOUND);
    SqlFailure schema = catchThrowableOfType(SqlFailure.class, () -> query("SHOW TABLES IN x"));
    assertThat(schema.state()).isEqualTo(State.SCHEMA_NOT_FOUND);
  }
}
