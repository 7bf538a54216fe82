package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.lang.LockWait;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.RowLocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SELECT … FOR UPDATE: which rows it returns, and which it locks, by short and compiled plans. */
final class LockingQueryTest {
  private final TestDatabase database = new TestDatabase();
  private final List<String> locked = new ArrayList<>();

  /** By table and first column. */
  private final Set<String> lockedByOthers = new HashSet<>();

  @BeforeEach
  void fill() {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, k INT, v VARCHAR(9))");
    database.execute("CREATE INDEX by_k ON t (k)");
    database.execute("CREATE TABLE u (id INT PRIMARY KEY, tid INT)");
    database.execute("CREATE TABLE h (v VARCHAR(9))");
    database.execute(
        "INSERT INTO t VALUES (1, 10, 'a'), (2, 20, NULL), (3, 10, 'c'), (4, 40, 'd')");
    database.execute("INSERT INTO u VALUES (7, 1), (8, 1), (9, 3)");
    database.execute("INSERT INTO h VALUES ('x'), ('x')");
  }

  private String run(String sql, @Nullable Object... parameters) {
    locked.clear();
    Plan.Change plan = (Plan.Change) database.plan(sql);
    assertThat(plan.onlyLocks()).isTrue();
    List<String> rows = new ArrayList<>();
    RowLocks locks =
        (row, mode, waiting) -> {
          TableDef table = database.catalog().find(row.table()).orElseThrow();
          Object first = new io.quorate.sql.codec.TableCodec(table).rows().decode(row.row())[0];
          String name = table.name() + first;
          if (waiting == LockWait.SKIP && lockedByOthers.contains(name)) {
            return false;
          }
          locked.add(mode == RowLocks.Mode.SHARED ? name + "+" : name);
          return true;
        };
    Plan.Changes changes =
        plan.evaluate(
            database.context(parameters).with(locks),
            new InsertedRows() {
              @Override
              public void row(TableDef table, @Nullable Object[] values) {
                throw new AssertionError("no row comes");
              }

              @Override
              public void returned(@Nullable Object[] values) {
                rows.add(String.join(",", Arrays.stream(values).map(String::valueOf).toList()));
              }
            });
    assertThat(changes.changes()).isEmpty();
    assertThat(changes.updateCount()).isEqualTo(rows.size());
    return String.join(" ", rows);
  }

  private void fails(State state, String sql, String message) {
    assertThatThrownBy(() -> database.plan(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> {
              assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state);
              assertThat(failure).hasMessageContaining(message);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT * FROM t WHERE id = 2 FOR UPDATE | 2,20,null | T2",
        "SELECT * FROM t WHERE id = 5 FOR UPDATE | '' | ''",
        "SELECT v FROM t WHERE k = 10 ORDER BY id DESC FOR UPDATE | c a | T3 T1",
        "SELECT id FROM t ORDER BY k DESC, id LIMIT 2 FOR UPDATE | 4 2 | T4 T2",
        "SELECT id FROM t ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY FOR UPDATE | 2 3 | T2 T3",
        "SELECT x.k + 1 AS n FROM t AS x WHERE v IS NULL FOR UPDATE OF x | 21 | T2",
        "SELECT id FROM t WHERE id < 3 FOR SHARE | 1 2 | T1+ T2+",
        "SELECT id FROM t WHERE id = 1 FOR NO KEY UPDATE | 1 | T1",
        "SELECT id FROM t WHERE id = 1 FOR KEY SHARE | 1 | T1+",
        "(SELECT id FROM public.t WHERE id = 1) FOR UPDATE | 1 | T1",
        "SELECT v FROM h FOR UPDATE | x x | Hx Hx",
        "SELECT UPPER(v) FROM t WHERE v LIKE '%' ORDER BY 1 FOR UPDATE | A C D | T1 T3 T4",
      })
  void a_query_of_one_table_locks_what_it_returns(String sql, String rows, String locks) {
    assertThat(run(sql)).isEqualTo(rows);
    assertThat(String.join(" ", locked)).isEqualTo(locks);
    assertThat(database.plan(sql).isGenerated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE tid = t.id) ORDER BY id FOR UPDATE"
            + " | 1 3 | T1 T3",
        "SELECT id FROM t WHERE id IN (SELECT tid FROM u) ORDER BY id LIMIT 1 FOR UPDATE | 1 | T1",
        "SELECT id, (SELECT COUNT(*) FROM u WHERE tid = t.id) FROM t WHERE k = 10 ORDER BY id"
            + " FOR UPDATE | 1,2 3,1 | T1 T3",
        "SELECT t.*, u.* FROM t JOIN u ON t.id = u.tid ORDER BY u.id FOR UPDATE"
            + " | 1,10,a,7,1 1,10,a,8,1 3,10,c,9,3 | T1 U7 T1 U8 T3 U9",
        "SELECT u.id FROM t, u WHERE t.id = u.tid AND k = 10 ORDER BY 1 FOR UPDATE OF u"
            + " | 7 8 9 | U7 U8 U9",
        "SELECT u.id FROM t, u WHERE t.id = u.tid ORDER BY 1 DESC FOR SHARE OF t, u"
            + " | 9 8 7 | T3+ U9+ T1+ U8+ T1+ U7+",
        "SELECT t.id, u.id FROM t LEFT JOIN u ON t.id = u.tid WHERE t.id > 2 ORDER BY 1"
            + " FOR UPDATE OF t | 3,9 4,null | T3 T4",
        "SELECT a.id FROM t a JOIN t b ON a.id + 1 = b.id WHERE a.id = 1 FOR UPDATE | 1 | T1 T2",
        "SELECT * FROM t JOIN (SELECT MAX(id) AS id FROM u GROUP BY tid) m ON t.id + 6 = m.id"
            + " ORDER BY t.id FOR UPDATE OF t | 2,20,null,8 3,10,c,9 | T2 T3",
        "SELECT * FROM t JOIN u USING (id) FOR UPDATE | '' | ''",
        "SELECT * FROM t NATURAL JOIN t AS x WHERE x.id = 3 FOR UPDATE | 3,10,c | T3 T3",
        "SELECT t.id FROM t JOIN u ON t.id = u.tid JOIN h ON h.v = 'x' WHERE u.id = 9 FOR UPDATE OF u, t"
            + " | 3 3 | T3 U9 T3 U9",
        "SELECT id FROM t WHERE k = (SELECT MAX(k) FROM t) FOR UPDATE | 4 | T4",
      })
  void a_query_of_more_locks_what_its_rows_are_made_of(String sql, String rows, String locks) {
    assertThat(run(sql)).isEqualTo(rows);
    assertThat(String.join(" ", locked)).isEqualTo(locks);
    assertThat(database.plan(sql).isGenerated()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " AND EXISTS (SELECT 1 FROM h)"})
  void rows_that_others_have_locked_are_left_out_before_they_are_counted(String more) {
    lockedByOthers.addAll(List.of("T1", "T3"));
    String query = "SELECT id FROM t WHERE k < 99" + more + " ORDER BY id ";
    assertThat(run(query + "LIMIT 1 FOR UPDATE SKIP LOCKED")).isEqualTo("2");
    assertThat(locked).containsExactly("T2");
    assertThat(run(query + "LIMIT ? OFFSET 1 FOR UPDATE SKIP LOCKED", 5)).isEqualTo("4");
    assertThat(run(query + "FETCH FIRST 0 ROWS ONLY FOR UPDATE SKIP LOCKED")).isEmpty();
    assertThat(locked).isEmpty();
    assertThat(run(query + "FOR UPDATE SKIP LOCKED")).isEqualTo("2 4");
    assertThat(run("SELECT id FROM t WHERE k < 99" + more + " LIMIT 2 FOR SHARE SKIP LOCKED"))
        .isEqualTo("2 4");
    assertThat(run(query + "FOR UPDATE NOWAIT")).isEqualTo("1 2 3 4");
  }

  @Test
  void parameters_count_on_from_the_query() {
    assertThat(run("SELECT v || CAST(? AS VARCHAR) FROM t WHERE id = ? FOR UPDATE", "x", 3))
        .isEqualTo("cx");
    assertThat(run("SELECT id FROM t ORDER BY id LIMIT ? FOR UPDATE", 2)).isEqualTo("1 2");
  }

  @ParameterizedTest
  @CsvSource({
    "SELECT DISTINCT k FROM t, DISTINCT",
    "SELECT k FROM t GROUP BY k, GROUP BY",
    "SELECT COUNT(*) FROM t, aggregates",
    "SELECT MAX(k) FROM t HAVING MAX(k) > 1, HAVING",
    "SELECT id FROM t UNION ALL SELECT id FROM u, UNION",
    "VALUES 1, no SELECT",
    "WITH w AS (SELECT 1) SELECT * FROM w, no SELECT",
    "SELECT 1, without FROM",
    "SELECT ROW_NUMBER() OVER (ORDER BY id) FROM t, window functions",
    "SELECT * FROM t LEFT JOIN u ON t.id = u.tid, may be missing",
    "SELECT * FROM t RIGHT JOIN u ON t.id = u.tid, may be missing",
    "SELECT * FROM (SELECT * FROM t) s, none",
    "SELECT * FROM w, none",
    "SELECT * FROM information_schema.tables, none",
  })
  void what_has_no_rows_of_its_own_to_lock_is_refused(String query, String message) {
    database.execute("CREATE VIEW w AS SELECT id FROM t");
    fails(State.NOT_SUPPORTED, query + " FOR UPDATE", message);
  }

  @Test
  void names_behind_of_are_those_of_from() {
    fails(State.TABLE_NOT_FOUND, "SELECT * FROM t FOR UPDATE OF u", "\"U\"");
    fails(State.TABLE_NOT_FOUND, "SELECT * FROM t x FOR UPDATE OF t", "\"T\"");
    fails(State.TABLE_NOT_FOUND, "SELECT * FROM nothing FOR UPDATE", "NOTHING");
    fails(State.SYNTAX_ERROR, "SELECT * FROM t FOR", "");
    String lateral =
        "SELECT t.id FROM t, LATERAL (SELECT id FROM u WHERE tid = t.id) l FOR UPDATE OF t";
    fails(State.NOT_SUPPORTED, lateral, "this FROM");
    fails(State.SYNTAX_ERROR, "INSERT INTO u SELECT id, k FROM t FOR UPDATE", "FOR");
    database.execute("ALTER TABLE t ADD COLUMN b BLOB");
    fails(State.NOT_SUPPORTED, "SELECT * FROM t FOR UPDATE", "\"B\" of type BLOB");
  }

  @Test
  void words_of_the_clause_are_still_names() {
    database.execute("CREATE TABLE share (nowait INT, locked INT)");
    database.execute("INSERT INTO share VALUES (1, 2)");
    assertThat(database.text("SELECT nowait, locked FROM share")).isEqualTo("1|2");
    assertThat(run("SELECT share.locked FROM share FOR UPDATE OF share NOWAIT")).isEqualTo("2");
  }

  @Test
  void explain_tells_what_is_locked_and_how() {
    assertThat(database.explain("SELECT * FROM t WHERE id = 1 FOR UPDATE SKIP LOCKED"))
        .isEqualTo(
            """
            Route: leader
            Lock rows of PUBLIC.T: FOR UPDATE SKIP LOCKED
              Short plan on PUBLIC.T
                Access: point lookup by primary key T_PKEY (ID)
                Filter: =(ID, 1)
            """
                .strip());
  }

  @Test
  void who_locks_rows_may_read_them_and_update_something_of_them() {
    database.execute("CREATE USER \"tester\" PASSWORD 'x' ADMIN");
    database.execute("CREATE USER ann");
    database.execute("GRANT SELECT ON t TO ann");
    String sql = "SELECT id FROM t FOR UPDATE";
    assertThatThrownBy(() -> authorize(sql)).hasMessageContaining("no UPDATE on table");
    database.execute("GRANT UPDATE (v) ON t TO ann");
    authorize(sql);
    authorize("SELECT id FROM t FOR SHARE");
    database.execute("REVOKE SELECT ON t FROM ann");
    assertThatThrownBy(() -> authorize(sql)).hasMessageContaining("no SELECT on table");
  }

  private void authorize(String sql) {
    database.planner().authorize(database.catalog(), "PUBLIC", sql, "ANN");
  }
}
