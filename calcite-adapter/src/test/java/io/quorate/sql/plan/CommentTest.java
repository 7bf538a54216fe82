package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommentTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    run("CREATE SCHEMA app");
    run("CREATE TABLE app.t (id INT PRIMARY KEY, v INT)");
    run("CREATE INDEX i ON app.t (v)");
    run("CREATE VIEW vw AS SELECT id AS x FROM app.t");
    run("CREATE SEQUENCE s");
  }

  private void run(String sql) {
    db.execute(sql);
  }

  private String all() {
    return db.text(
        "SELECT object_schema, object_name, object_type, column_name, remarks"
            + " FROM information_schema.comments ORDER BY remarks");
  }

  @Test
  void everything_may_have_a_comment_that_goes_with_it() {
    run("COMMENT ON TABLE app.t IS '1 it''s'");
    run("COMMENT ON COLUMN app.t.v IS '2'");
    run("COMMENT ON INDEX app.i IS '3'");
    run("COMMENT ON VIEW vw IS '4'");
    run("COMMENT ON COLUMN vw.x IS '5'");
    run("COMMENT ON SEQUENCE s IS '6'");
    run("COMMENT ON SCHEMA app IS '7'");
    assertThat(all())
        .isEqualTo(
            """
            APP|T|TABLE|null|1 it's
            APP|T|COLUMN|V|2
            APP|I|INDEX|null|3
            PUBLIC|VW|VIEW|null|4
            PUBLIC|VW|COLUMN|X|5
            PUBLIC|S|SEQUENCE|null|6
            APP|APP|SCHEMA|null|7""");
    run("ALTER TABLE app.t RENAME COLUMN v TO w");
    run("ALTER SEQUENCE s RENAME TO r");
    run("DROP INDEX app.i");
    run("COMMENT ON VIEW vw IS NULL");
    run("COMMENT ON SCHEMA app IS ''");
    assertThat(all())
        .isEqualTo(
            """
            APP|T|TABLE|null|1 it's
            APP|T|COLUMN|W|2
            PUBLIC|VW|COLUMN|X|5
            PUBLIC|R|SEQUENCE|null|6""");
    run("COMMENT ON TABLE app.t IS 'z'");
    run("DROP SCHEMA app CASCADE");
    assertThat(all()).isEqualTo("PUBLIC|R|SEQUENCE|null|6");
    run("DROP SEQUENCE r");
    assertThat(all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42P01|COMMENT ON TABLE nowhere IS 'x'",
        "42809|COMMENT ON TABLE vw IS 'x'",
        "42809|COMMENT ON VIEW s IS 'x'",
        "42P01|COMMENT ON VIEW nowhere IS 'x'",
        "42P01|COMMENT ON SEQUENCE nowhere IS 'x'",
        "42704|COMMENT ON INDEX nowhere IS 'x'",
        "42703|COMMENT ON COLUMN app.t.nowhere IS 'x'",
        "42601|COMMENT ON COLUMN v IS 'x'",
        "3F000|COMMENT ON SCHEMA nowhere IS 'x'",
        "0A000|COMMENT ON SCHEMA system IS 'x'",
        "42601|COMMENT ON TABLE app.t IS 5",
      })
  void what_cannot_be_is_refused(String state, String sql) {
    assertThatThrownBy(() -> run(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state().sqlState()).as(failure.getMessage()).isEqualTo(state));
  }

  @Test
  void a_comment_is_so_long_at_most() {
    run("COMMENT ON TABLE app.t IS '" + "x".repeat(10_000) + "'");
    assertThatThrownBy(() -> run("COMMENT ON TABLE app.t IS '" + "x".repeat(10_001) + "'"))
        .isInstanceOf(SqlFailure.class);
  }
}
