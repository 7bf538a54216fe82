package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins that look rows up, forced, against plans that go through all pairs of rows. */
class IndexLookupJoinTest {
  private static final int OUTER_ROWS = 90;
  private static final int INNER_ROWS = 60;
  private static final int VALUES = 25;
  private static final int ORDERS = 6_000;
  private static final String NOTE = "a note of some forty characters, more or less";

  /** What is joined: a type on the outer side, one on the inner, and values of both. */
  @SuppressWarnings("ImmutableEnumChecker") // the functions keep nothing
  private enum Key {
    INTEGERS("INTEGER", "INTEGER", true, i -> i - 3, i -> i - 5),
    OF_OTHER_WIDTHS("BIGINT", "SMALLINT", true, i -> i * 40_000L, i -> (short) (i * 20_000)),
    NARROW("TINYINT", "BIGINT", true, i -> (byte) (i - 12), i -> i - 9L),
    DECIMAL_AND_INTEGER("DECIMAL(9,1)", "INTEGER", true, i -> half(i), i -> i / 2),
    INTEGER_AND_DECIMAL("INTEGER", "DECIMAL(9,1)", true, i -> i / 2, i -> half(i)),
    DECIMALS("DECIMAL(9,3)", "DECIMAL(12,1)", true, i -> half(i), i -> half(i)),
    TEXTS("VARCHAR(9)", "VARCHAR(20)", true, i -> blanks(i), i -> blanks(i)),
    FILLED_UP("CHAR(5)", "CHAR(9)", true, i -> "k" + i, i -> "k" + i),
    FILLED_UP_AND_TEXT("CHAR(5)", "VARCHAR(9)", true, i -> "k" + i, i -> blanks(i)),
    TEXT_AND_FILLED_UP("VARCHAR(9)", "CHAR(5)", true, i -> blanks(i), i -> "k" + i),
    DATES("DATE", "DATE", true, i -> LocalDate.ofEpochDay(i), i -> LocalDate.ofEpochDay(2L * i)),
    COARSE_TIMES("TIMESTAMP(3)", "TIMESTAMP(3)", true, i -> time(i), i -> time(i)),
    FINE_TIMES("TIMESTAMP(9)", "TIMESTAMP(9)", false, i -> time(i), i -> time(i)),
    TIMES_OF_DAY("TIME(3)", "TIME(3)", true, i -> clock(i), i -> clock(i)),
    UUIDS("UUID", "UUID", true, i -> uuid(i), i -> uuid(2 * i)),
    TRUTHS("BOOLEAN", "BOOLEAN", true, i -> i % 2 == 0, i -> i % 3 == 0),
    BYTES("VARBINARY(4)", "VARBINARY(4)", true, i -> bytes(i), i -> bytes(i)),
    APPROXIMATE("DOUBLE", "DOUBLE", false, i -> (double) i, i -> (double) i),
    APPROXIMATE_AND_INTEGER("DOUBLE", "INTEGER", false, i -> i / 2.0, i -> i);

    private final String outer;
    private final String inner;
    private final boolean lookedUp;
    private final IntFunction<Object> outerValues;
    private final IntFunction<Object> innerValues;

    Key(
        String outer,
        String inner,
        boolean lookedUp,
        IntFunction<Object> outerValues,
        IntFunction<Object> innerValues) {
      this.outer = outer;
      this.inner = inner;
      this.lookedUp = lookedUp;
      this.outerValues = outerValues;
      this.innerValues = innerValues;
    }

    private static BigDecimal half(int i) {
      return BigDecimal.valueOf(i * 5L, 1);
    }

    private static String blanks(int i) {
      return "k" + i / 2 + (i % 2 == 0 ? "" : " ");
    }

    private static LocalDateTime time(int i) {
      return LocalDateTime.of(2026, 1, 1, 0, 0, 0, i * 500_000);
    }

    private static LocalTime clock(int i) {
      return LocalTime.ofNanoOfDay(i * 1_000_000L);
    }

    private static UUID uuid(int i) {
      return new UUID(i % 2 == 0 ? Long.MIN_VALUE : 1, i);
    }

    private static byte[] bytes(int i) {
      return new byte[] {(byte) (i * 11), 0, (byte) 0xFF};
    }
  }

  private static final List<String> INDEXES =
      List.of(
          "CREATE INDEX i_k ON i (k)",
          "CREATE INDEX i_k ON i (k DESC)",
          "CREATE INDEX i_k ON i (k, a DESC)",
          "CREATE INDEX i_k ON i (a, k)",
          "CREATE INDEX i_k ON i (b DESC, k DESC, a)",
          "CREATE UNIQUE INDEX i_k ON i (k, id)",
          "CREATE UNIQUE INDEX i_k ON i (k DESC, a, id)");

  private static final List<String> QUERIES =
      List.of(
          "SELECT o.id, i.id FROM o JOIN i ON o.k = i.k",
          "SELECT o.id, i.id, i.k FROM o JOIN i ON o.k = i.k AND o.a = i.a",
          "SELECT o.id, i.id FROM i JOIN o ON o.k = i.k AND o.a < i.b WHERE i.b > 1",
          "SELECT o.id, i.id, i.b FROM o LEFT JOIN i ON o.k = i.k",
          "SELECT o.id, i.id, i.b FROM o LEFT JOIN i ON o.k = i.k AND o.b = i.b AND i.a <> o.a",
          "SELECT o.id, i.id FROM i RIGHT JOIN o ON o.k = i.k AND i.a + o.a > 3",
          "SELECT o.id, i.id FROM i RIGHT JOIN o ON o.k = i.k AND i.b + 1 > i.a AND i.b < 4",
          "SELECT o.id, i.id FROM i FULL JOIN o ON o.k = i.k",
          "SELECT o.id FROM o WHERE EXISTS (SELECT 1 FROM i WHERE i.k = o.k)",
          "SELECT o.id FROM o WHERE EXISTS (SELECT 1 FROM i WHERE i.k = o.k AND i.a <> o.a)",
          "SELECT o.id FROM o WHERE NOT EXISTS (SELECT 1 FROM i WHERE i.k = o.k)",
          "SELECT o.id FROM o WHERE NOT EXISTS"
              + " (SELECT 1 FROM i WHERE i.k = o.k AND i.b = o.b AND i.a > o.a)",
          "SELECT o.id FROM o WHERE o.k IN (SELECT k FROM i WHERE a > 1)",
          "SELECT o.id FROM o WHERE o.k NOT IN (SELECT k FROM i WHERE a > 1)",
          "SELECT o.id, s.n, s.m FROM o JOIN"
              + " (SELECT k, COUNT(*) AS n, MAX(b) AS m FROM i GROUP BY k) s ON o.k = s.k",
          "SELECT o.id, (SELECT SUM(i.a) FROM i WHERE i.k = o.k) FROM o",
          "SELECT o.id FROM o WHERE o.a < (SELECT SUM(i.b) FROM i WHERE i.k = o.k AND i.a > 0)",
          "SELECT o.id, i.id, j.id FROM o JOIN i ON o.k = i.k JOIN i j ON j.k = o.k AND j.a = i.b",
          "SELECT o.id, i.id FROM o JOIN i ON o.k IS NOT DISTINCT FROM i.k AND o.a = i.a",
          "SELECT o.id, i.id FROM (SELECT DISTINCT k, 5 AS id FROM o) o JOIN i ON o.k = i.k",
          "SELECT o.id, s.n FROM o JOIN (SELECT i.k, COUNT(*) AS n, MIN(j.b) AS m FROM i"
              + " JOIN i j ON j.a = i.b + 1 GROUP BY i.k) s ON s.k = o.k AND s.m < o.b + 2",
          "SELECT o.id, s.n FROM o LEFT JOIN (SELECT i.k, COUNT(j.id) AS n FROM i"
              + " LEFT JOIN i j ON j.a = i.b AND j.b > 2 GROUP BY i.k) s ON s.k = o.k",
          "SELECT o.id, s.n FROM o LEFT JOIN (SELECT j.k, COUNT(i.id) AS n FROM i"
              + " LEFT JOIN i j ON j.a = i.b AND j.b > 2 GROUP BY j.k) s ON s.k = o.k",
          "SELECT o.id, s.n FROM o LEFT JOIN (SELECT i.k, i.b AS n FROM i JOIN i j ON j.a = i.b"
              + " AND j.id < i.id WHERE NOT EXISTS (SELECT 1 FROM i h WHERE h.b + 2 = i.a)) s"
              + " ON s.k = o.k AND s.n = o.a",
          "SELECT o.id FROM o WHERE o.a <= (SELECT MIN(j.a) FROM i JOIN i j ON j.b = i.a"
              + " WHERE i.k = o.k)");

  private static TestDatabase database(Key key, SplittableRandom random) {
    TestDatabase db = new TestDatabase();
    db.execute("CREATE SCHEMA " + RandomTables.PLAIN);
    String index = INDEXES.get(random.nextInt(INDEXES.size()));
    boolean keyed = random.nextInt(3) == 0;
    for (String schema : List.of("", RandomTables.PLAIN + ".")) {
      boolean plain = !schema.isEmpty();
      db.execute(
          "CREATE TABLE " + schema + "o (id INTEGER, k " + key.outer + ", a INTEGER, b INTEGER)");
      db.execute(
          "CREATE TABLE "
              + schema
              + "i (id INTEGER, k "
              + key.inner
              + ", a INTEGER, b INTEGER"
              + (plain || !keyed ? ")" : ", PRIMARY KEY (k, id))"));
    }
    db.execute(index);
    fill(db, "o", OUTER_ROWS, key.outerValues, false, random);
    fill(db, "i", INNER_ROWS, key.innerValues, keyed, random);
    return db;
  }

  private static void fill(
      TestDatabase db,
      String table,
      int count,
      IntFunction<Object> values,
      boolean keyed,
      SplittableRandom random) {
    for (int id = 0; id < count; id++) {
      boolean isNull = !keyed && random.nextInt(6) == 0;
      @Nullable Object[] row = {
        id,
        isNull ? null : values.apply(random.nextInt(VALUES)),
        random.nextInt(5) == 0 ? null : random.nextInt(5),
        random.nextInt(5) == 0 ? null : random.nextInt(5)
      };
      db.execute("INSERT INTO " + table + " VALUES (?, ?, ?, ?)", row);
      db.execute("INSERT INTO " + RandomTables.PLAIN + "." + table + " VALUES (?, ?, ?, ?)", row);
    }
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(RandomTables.shown(row.toArray()).toString()));
    Collections.sort(texts);
    return texts;
  }

  @ParameterizedTest
  @EnumSource
  void answers_are_those_of_all_pairs(Key key) {
    int before = LookupPlans.joins();
    for (int seed = 0; seed < LookupPlans.COSTS.size(); seed++) {
      LookupCosts costs = LookupPlans.COSTS.get(seed);
      TestDatabase db = database(key, new SplittableRandom(seed * 31L + key.name().hashCode()));
      Schemas schemas = PlainPlan.schemas(db);
      // Each query once, with other costs for each type.
      for (int i = (seed + key.name().length()) % LookupPlans.COSTS.size();
          i < QUERIES.size();
          i += LookupPlans.COSTS.size()) {
        String sql = QUERIES.get(i);
        assertThat(sorted(db.rows(LookupPlans.plan(db, sql, costs))))
            .as("SEED=%s %s %s %s", seed, key, costs, sql)
            .isEqualTo(sorted(db.rows(PlainPlan.of(schemas, RandomTables.PLAIN, sql))));
      }
    }
    if (key.lookedUp) {
      assertThat(LookupPlans.joins() - before).isGreaterThan(QUERIES.size() / 6);
    } else {
      // By other columns, if at all.
      assertThat(LookupPlans.joins() - before).isLessThan(QUERIES.size());
    }
  }

  private static TestDatabase orders(int customers) {
    TestDatabase db = new TestDatabase();
    db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(20))");
    db.execute(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER, note"
            + " VARCHAR(99))");
    db.execute("CREATE INDEX by_customer ON orders (customer)");
    for (int i = 0; i < customers; i++) {
      db.execute("INSERT INTO customers VALUES (?, ?)", i, "c" + i % 10);
    }
    for (int i = 0; i < ORDERS; i++) {
      db.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", i, i % (ORDERS / 3), i % 7, NOTE);
    }
    return db;
  }

  @Test
  void statistics_tell_whether_it_is_worth_it() {
    TestDatabase db = orders(1_000);
    String few =
        "SELECT c.name, SUM(o.amount) FROM customers c JOIN orders o ON o.customer = c.id"
            + " WHERE c.id < 20 GROUP BY c.name";
    String all = few.replace("c.id < 20", "c.id >= 0");
    String byKey =
        "SELECT c.name, o.note FROM customers c JOIN orders o ON o.id = c.id WHERE c.id BETWEEN 3"
            + " AND 9";
    String guessed = db.text(few);
    // How many orders a customer has is not known; that a key has one row at most is.
    assertThat(db.explain(few)).contains("HashJoin").doesNotContain("IndexLookupJoin");
    assertThat(db.explain(all)).doesNotContain("IndexLookupJoin");
    assertThat(db.explain(byKey)).doesNotContain("HashJoin").contains("lookups by primary key");
    db.execute("ANALYZE");
    assertThat(db.explain(few))
        .contains("IndexLookupJoin(condition=[=(")
        .contains("access=[lookups by index BY_CUSTOMER (CUSTOMER)]");
    assertThat(db.explain(all)).contains("HashJoin").doesNotContain("IndexLookupJoin");
    assertThat(sorted(db.rows((Plan.Query) db.plan(few))))
        .isEqualTo(
            guessed.lines().map(line -> "[" + line.replace("|", ", ") + "]").sorted().toList());
  }

  @Test
  void explain_analyze_counts_what_was_looked_up() {
    TestDatabase db = orders(1_000);
    db.execute("ANALYZE");
    assertThat(
            db.text(
                "EXPLAIN ANALYZE SELECT c.name, o.amount FROM customers c LEFT JOIN orders o"
                    + " ON o.customer = c.id WHERE c.id < 20"))
        .containsPattern("IndexLookupJoin.*joinType=.left..* actual rows=60,")
        .containsPattern("lookups by index BY_CUSTOMER .* actual rows=60, runs=2,");
  }

  @Test
  void a_sub_query_sums_up_for_the_keys_that_are_asked_for() {
    TestDatabase db = orders(1_000);
    db.execute("ANALYZE");
    String sql =
        "SELECT c.name, s.n FROM customers c JOIN (SELECT customer, SUM(amount) AS n FROM orders"
            + " GROUP BY customer) s ON s.customer = c.id WHERE c.id IN (4, 7)";
    assertThat(db.explain(sql)).contains("EnumerableAggregate", "lookups by index BY_CUSTOMER");
    assertThat(db.text(sql)).contains("c4|", "c7|");
  }

  /** One row is given before a thousand have been looked up. */
  @Test
  void a_sub_query_over_a_join_is_run_for_the_keys_that_are_asked_for() {
    TestDatabase db = orders(1_000);
    db.execute("CREATE TABLE amounts (amount INTEGER PRIMARY KEY, factor INTEGER)");
    for (int i = 0; i < 5; i++) {
      db.execute("INSERT INTO amounts VALUES (?, ?)", i, i * 10);
    }
    String sql =
        "SELECT c.id, s.total FROM customers c JOIN (SELECT o.customer, SUM(a.factor) AS total FROM"
            + " orders o JOIN amounts a ON a.amount = o.amount GROUP BY o.customer) s"
            + " ON s.customer = c.id WHERE c.id < ";
    String before = db.text(sql + "4");
    db.execute("ANALYZE");
    assertThat(db.explain(sql + "4"))
        .contains("lookups by index BY_CUSTOMER (CUSTOMER)")
        .containsPattern("(?s)IndexLookupJoin.*Aggregate.*HashJoin.*lookups by index");
    assertThat(db.explain(sql + "900")).doesNotContain("IndexLookupJoin");
    assertThat(sorted(db.rows((Plan.Query) db.plan(sql + "4"))))
        .isEqualTo(
            before.lines().map(line -> "[" + line.replace("|", ", ") + "]").sorted().toList());
    assertThat(before.lines()).hasSize(4);
  }

  @Test
  void who_wants_one_row_waits_for_few_lookups() {
    TestDatabase db = orders(1_000);
    Plan.Query plan = forced(db, "SELECT o.note FROM customers c JOIN orders o ON o.id = c.id");
    long before = db.view().walked();
    try (var rows = plan.open(db.context())) {
      assertThat(rows.next()).isNotNull();
    }
    assertThat(db.view().walked() - before).isLessThan(100);
  }

  private static Plan.Query forced(TestDatabase db, String sql) {
    return LookupPlans.plan(db, sql, LookupPlans.COSTS.get(2));
  }

  /** A batch is given up when it has been joined. */
  @Test
  void memory_is_that_of_one_batch() {
    TestDatabase db = orders(2_000);
    String sql = "SELECT c.name, o.note FROM customers c JOIN orders o ON o.customer = c.id";
    db.memoryBytesMax(3_500_000);
    assertThat(db.rows(forced(db, sql))).hasSize(ORDERS);
    db.memoryBytesMax(200_000);
    assertThatThrownBy(() -> db.rows(forced(db, sql)))
        .isInstanceOfSatisfying(
            SqlFailure.class, e -> assertThat(e.state()).isEqualTo(State.OUT_OF_MEMORY));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 12, 40})
  void it_ends_when_the_statement_is_cancelled(int checks) {
    TestDatabase db = orders(2_000);
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    db.cancel(
        () -> {
          if (left.decrementAndGet() < 0) {
            throw new SqlFailure(State.CANCELLED, "cancelled");
          }
        });
    Plan.Query plan =
        forced(
            db, "SELECT c.name, o.note FROM customers c LEFT JOIN orders o ON o.customer = c.id");
    left.set(checks);
    assertThatThrownBy(() -> db.rows(plan))
        .isInstanceOfSatisfying(
            SqlFailure.class, e -> assertThat(e.state()).isEqualTo(State.CANCELLED));
  }
}
