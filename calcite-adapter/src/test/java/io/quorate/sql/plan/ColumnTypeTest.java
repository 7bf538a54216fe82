package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SET NOT NULL and TYPE, from text to rows that were written before. */
final class ColumnTypeTest {
  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void make() {
    database.execute("CREATE TABLE t (a INT PRIMARY KEY, b INT, c VARCHAR(5), d DECIMAL(5, 2))");
    database.execute("INSERT INTO t VALUES (1, 300, 'one', 1.25), (-2, -5, 'two', -3.5)");
    database.execute("INSERT INTO t VALUES (3, NULL, NULL, NULL)");
  }

  private SqlFailure failure(String sql) {
    return catchThrowableOfType(SqlFailure.class, () -> database.execute(sql));
  }

  private void alter(String change) {
    database.execute("ALTER TABLE t " + change);
  }

  private String rows() {
    return database.text("SELECT * FROM t ORDER BY a");
  }

  private TableDef table() {
    return database.catalog().find("PUBLIC", "T").orElseThrow();
  }

  private Map<RowKey, Row> stored() {
    TreeMap<RowKey, Row> rows = new TreeMap<>();
    var cursor = database.view().scan(table().id(), Optional.empty(), Optional.empty());
    while (cursor.next()) {
      rows.put(cursor.key(), cursor.row());
    }
    return rows;
  }

  @Test
  void a_column_without_null_may_be_made_not_null() {
    SqlFailure refused = failure("ALTER TABLE t ALTER b SET NOT NULL");
    assertThat(refused.state()).isEqualTo(State.NOT_NULL_VIOLATION);
    assertThat(refused).hasMessageContaining("\"B\" of table \"PUBLIC.T\"");
    assertThat(table().columns().get(1).nullable()).isTrue();
    database.execute("UPDATE t SET b = 0 WHERE b IS NULL");
    alter("ALTER COLUMN b SET NOT NULL");
    alter("ALTER COLUMN b SET NOT NULL");
    assertThat(failure("INSERT INTO t (a) VALUES (4)").state()).isEqualTo(State.NOT_NULL_VIOLATION);
    alter("ADD e INT");
    assertThat(failure("ALTER TABLE t ALTER e SET NOT NULL").state())
        .isEqualTo(State.NOT_NULL_VIOLATION);
    alter("ADD f INT DEFAULT 1");
    alter("ALTER f SET NOT NULL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          b | BIGINT
          c | VARCHAR(6)
          c | TEXT
          d | DECIMAL(9, 2)
          """)
  void wider_types_write_no_row(String column, String type) {
    Map<RowKey, Row> before = stored();
    int id = table().id();
    String text = rows();
    alter("ALTER COLUMN " + column + " SET DATA TYPE " + type);
    assertThat(table().id()).isEqualTo(id);
    assertThat(stored()).isEqualTo(before);
    assertThat(rows()).isEqualTo(text);
  }

  @Test
  void a_wider_number_takes_more_and_its_indexes_find_it() {
    database.execute("CREATE INDEX by_b ON t (c, b)");
    database.execute("CREATE UNIQUE INDEX one_b ON t (b)");
    database.execute("CREATE INDEX by_c ON t (c)");
    int indexOfC = table().indexes().get(2).id();
    alter("ADD e TINYINT DEFAULT 7");
    alter("ALTER b TYPE BIGINT");
    alter("ALTER e TYPE INT");
    database.execute("INSERT INTO t VALUES (4, 5000000000, 'x', 0, 70000)");
    assertThat(table().indexes().get(2).id()).isEqualTo(indexOfC);
    assertThat(database.explain("SELECT a FROM t WHERE b BETWEEN -10 AND 6000000000"))
        .contains("ONE_B");
    assertThat(database.text("SELECT a, b, e FROM t WHERE b BETWEEN -10 AND 6000000000 ORDER BY b"))
        .isEqualTo("-2|-5|7\n1|300|7\n4|5000000000|70000");
    assertThat(database.text("SELECT a FROM t WHERE c = 'two' AND b = -5")).isEqualTo("-2");
    assertThat(failure("INSERT INTO t (a, b) VALUES (5, 300)").state())
        .isEqualTo(State.UNIQUE_VIOLATION);
    database.execute("UPDATE t SET b = 301 WHERE a = 1");
    database.execute("INSERT INTO t (a, b) VALUES (5, 300)");
  }

  @Test
  void a_key_of_another_type_has_its_rows_elsewhere() {
    database.execute("CREATE INDEX by_c ON t (c)");
    int id = table().id();
    int index = table().indexes().get(0).id();
    alter("ADD e INT DEFAULT 8");
    alter("ALTER a TYPE BIGINT");
    assertThat(table().id()).isNotEqualTo(id);
    assertThat(database.view().rowCount(id) + database.view().rowCount(index)).isZero();
    database.execute("INSERT INTO t VALUES (5000000000, 1, 'new', 0, 9)");
    assertThat(rows())
        .isEqualTo(
            "-2|-5|two|-3.50|8\n1|300|one|1.25|8\n3|null|null|null|8\n5000000000|1|new|0.00|9");
    assertThat(database.explain("SELECT a FROM t WHERE c = 'two'")).contains("BY_C");
    assertThat(database.text("SELECT a FROM t WHERE c = 'two'")).isEqualTo("-2");
    assertThat(database.execute("DELETE FROM t WHERE a < 3")).isEqualTo(2);
    assertThat(database.text("SELECT c FROM t WHERE c IS NOT NULL")).isEqualTo("new");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          b | SMALLINT       | 300, -5
          b | DECIMAL(6, 1)  | 300.0, -5.0
          b | DOUBLE         | 300.0, -5.0
          b | VARCHAR(4)     | 300, -5
          c | VARCHAR(3)     | one, two
          c | CHAR(9)        | one, two
          d | INT            | 1, -4
          d | DECIMAL(9, 4)  | 1.2500, -3.5000
          d | DECIMAL(4, 1)  | 1.3, -3.5
          d | TEXT           | 1.25, -3.50
          """)
  void other_types_write_the_rows_again(String column, String type, String values) {
    String[] expected = values.split(", ", -1);
    alter("ALTER " + column + " TYPE " + type);
    assertThat(database.text("SELECT " + column + " FROM t ORDER BY a"))
        .isEqualTo(expected[1] + "\n" + expected[0] + "\nnull");
    assertThat(database.text("SELECT COUNT(*) FROM t WHERE " + column + " IS NULL")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ALTER x SET NOT NULL            | COLUMN_NOT_FOUND
          ALTER x TYPE INT                | COLUMN_NOT_FOUND
          ALTER b TYPE TINYINT            | NUMBER_OUT_OF_RANGE
          ALTER c TYPE VARCHAR(2)         | STRING_TOO_LONG
          ALTER c TYPE INT                | TYPE_MISMATCH
          ALTER b TYPE BOOLEAN            | TYPE_MISMATCH
          ALTER b TYPE DATE               | TYPE_MISMATCH
          ALTER a TYPE DOUBLE             | NOT_SUPPORTED
          ALTER a TYPE                    | SYNTAX_ERROR
          """)
  void what_cannot_be_is_refused_and_changes_nothing(String change, State state) {
    long version = database.catalog().version();
    String before = rows();
    assertThat(failure("ALTER TABLE t " + change).state()).isEqualTo(state);
    assertThat(database.catalog().version()).isEqualTo(version);
    assertThat(database.view().rowCount(database.catalog().nextId())).isZero();
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void checks_and_defaults_go_with_the_type_or_are_in_its_way() {
    database.execute("CREATE TABLE k (a INT PRIMARY KEY, b INT DEFAULT 500 CHECK (b + 1 > 0))");
    database.execute("INSERT INTO k VALUES (1, 2)");
    database.execute("ALTER TABLE k ALTER b TYPE BIGINT");
    database.execute("INSERT INTO k VALUES (2, 5000000000)");
    assertThat(failure("INSERT INTO k VALUES (3, -1)").state()).isEqualTo(State.CHECK_VIOLATION);
    assertThat(failure("ALTER TABLE k ALTER b TYPE DATE").state()).isEqualTo(State.TYPE_MISMATCH);
    database.execute("ALTER TABLE k ADD c DECIMAL(3, 1) CHECK (c <> 3)");
    database.execute("INSERT INTO k VALUES (4, 4, 2.9)");
    assertThat(failure("ALTER TABLE k ALTER c TYPE INT").state()).isEqualTo(State.CHECK_VIOLATION);
    assertThat(database.text("SELECT c FROM k WHERE a = 4")).isEqualTo("2.9");
  }

  @Test
  void an_identity_column_goes_on_in_a_wider_type() {
    database.execute(
        "CREATE TABLE s (id SMALLINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v INT)");
    database.execute("INSERT INTO s (v) VALUES (1), (2)");
    database.execute("ALTER TABLE s ALTER id TYPE BIGINT");
    database.execute("INSERT INTO s (v) VALUES (3)");
    assertThat(database.text("SELECT id, v FROM s ORDER BY id")).isEqualTo("1|1\n2|2\n3|3");
    assertThat(failure("ALTER TABLE s ALTER id TYPE DECIMAL(9, 0)").state())
        .isEqualTo(State.INVALID_PARAMETER);
  }

  @Test
  void a_hidden_key_stays_the_key() {
    database.execute("CREATE TABLE h (a INT, b INT)");
    database.execute("INSERT INTO h VALUES (1, 2), (1, 2)");
    database.execute("ALTER TABLE h ALTER a TYPE VARCHAR(3)");
    database.execute("UPDATE h SET b = 3 WHERE a = '1'");
    assertThat(database.text("SELECT a, b FROM h")).isEqualTo("1|3\n1|3");
  }

  @Test
  void many_rows_are_written_in_batches() {
    database.execute("CREATE TABLE m (a INT PRIMARY KEY, b VARCHAR)");
    int rows = 3 * ChangeBatch.BYTES_MAX / 100_000;
    for (int i = 0; i < rows; i++) {
      database.execute("INSERT INTO m VALUES (?, ?)", i, "x".repeat(100_000));
    }
    database.execute("ALTER TABLE m ALTER a TYPE BIGINT");
    assertThat(database.text("SELECT COUNT(*), MIN(a), MAX(a) FROM m WHERE b LIKE 'x%'"))
        .isEqualTo(rows + "|0|" + (rows - 1));
  }
}
