package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20), amount DECIMAL(15, 2),"
            + " due DATE, made TIMESTAMP(9), grp INTEGER)");
    db.execute("CREATE INDEX i_grp ON t (grp)");
    db.execute(
        "INSERT INTO t VALUES (1, 'one', 1.5, DATE '2020-01-01',"
            + " TIMESTAMP '2020-01-01 10:00:00.123456789', 1),"
            + " (2, 'two', 2.25, DATE '2020-01-02', NULL, 1),"
            + " (3, 'three', NULL, NULL, NULL, 2), (4, NULL, 10, DATE '2021-06-07', NULL, NULL)");
  }

  @Test
  void a_row_is_found_by_its_key() {
    assertThat(db.text("SELECT * FROM t WHERE id = ?", 1))
        .isEqualTo("1|one|1.50|2020-01-01|2020-01-01T10:00:00.123456789|1");
    assertThat(db.text("SELECT name FROM t WHERE id = 5")).isEmpty();
    assertThat(db.explain("SELECT * FROM t WHERE id = ?", 1))
        .contains("Route: any replica", "point lookup by primary key");
  }

  @Test
  void ranges_walk_keys_in_order() {
    assertThat(db.text("SELECT id FROM t WHERE id >= ? AND id < ? ORDER BY id", 2, 4))
        .isEqualTo("2\n3");
    assertThat(db.explain("SELECT id FROM t WHERE id >= 2 AND id < 4 ORDER BY id"))
        .contains("range of primary key", "as the key has it");
    assertThat(db.text("SELECT id FROM t WHERE id IN (4, 1, 9)")).isEqualTo("1\n4");
    assertThat(db.text("SELECT id FROM t WHERE id > 1.5 AND id <= 1e3 ORDER BY id DESC"))
        .isEqualTo("4\n3\n2");
    assertThat(db.text("SELECT id FROM t ORDER BY name NULLS FIRST LIMIT 2 OFFSET 1"))
        .isEqualTo("1\n3");
  }

  @Test
  void an_index_leads_to_rows() {
    assertThat(db.text("SELECT id FROM t WHERE grp = 1")).isEqualTo("1\n2");
    assertThat(db.explain("SELECT id FROM t WHERE grp = 1")).contains("index range of index I_GRP");
    assertThat(db.text("SELECT id FROM t WHERE grp BETWEEN 1 AND 2")).isEqualTo("1\n2\n3");
    assertThat(db.text("SELECT id FROM t WHERE grp IS NULL")).isEqualTo("4");
  }

  @Test
  void aggregates_and_joins_are_compiled() {
    assertThat(db.text("SELECT COUNT(*) FROM t")).isEqualTo("4");
    assertThat(db.text("SELECT COUNT(*), COUNT(amount), SUM(amount), SUM(id), AVG(id) FROM t"))
        .isEqualTo("4|3|13.75|10|2.5000000000");
    assertThat(db.text("SELECT grp, COUNT(*) FROM t GROUP BY grp ORDER BY grp"))
        .isEqualTo("1|2\n2|1\nnull|1");
    assertThat(db.text("SELECT a.id, b.id FROM t a JOIN t b ON a.grp = b.grp AND a.id < b.id"))
        .isEqualTo("1|2");
    assertThat(db.text("SELECT id FROM t WHERE amount > (SELECT AVG(amount) FROM t)"))
        .isEqualTo("4");
    assertThat(db.text("SELECT 7 / 2, 7.0 / 2, 1 + 1.5")).isEqualTo("3|3.5000000000|2.5");
  }

  @Test
  void distinct_aggregates_mix_with_others() {
    assertThat(db.text("SELECT COUNT(*), COUNT(DISTINCT grp), SUM(DISTINCT grp) FROM t"))
        .isEqualTo("4|2|3");
    assertThat(
            db.text(
                "SELECT grp, COUNT(DISTINCT name), COUNT(*), SUM(id) FROM t GROUP BY grp"
                    + " ORDER BY grp"))
        .isEqualTo("1|2|2|3\n2|1|1|3\nnull|0|1|4");
    assertThat(db.text("SELECT COUNT(DISTINCT id), SUM(CAST(id AS BIGINT)) FROM t"))
        .isEqualTo("4|10");
  }

  @Test
  void windows_and_sets_are_compiled() {
    assertThat(
            db.text(
                "SELECT id, SUM(id) OVER (ORDER BY id), RANK() OVER (ORDER BY grp) FROM t"
                    + " ORDER BY id"))
        .isEqualTo("1|1|1\n2|3|1\n3|6|3\n4|10|4");
    assertThat(db.text("SELECT id FROM t WHERE id < 3 UNION SELECT grp FROM t ORDER BY 1"))
        .isEqualTo("1\n2\nnull");
    assertThat(db.text("SELECT grp FROM t INTERSECT SELECT id FROM t ORDER BY 1"))
        .isEqualTo("1\n2");
    assertThat(db.text("SELECT EXTRACT(YEAR FROM due), COUNT(*) FROM t GROUP BY 1 ORDER BY 1"))
        .isEqualTo("2020|2\n2021|1\nnull|1");
  }

  @Test
  void information_schema_is_asked() {
    assertThat(
            db.text(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"))
        .isEqualTo("T");
    assertThat(db.text("SHOW TABLES")).isEqualTo("PUBLIC|T|BASE TABLE");
  }
}
