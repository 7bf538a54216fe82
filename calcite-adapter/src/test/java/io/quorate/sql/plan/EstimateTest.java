package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.parse.StatementParser;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many rows conditions and joins of skewed tables are thought to leave, and do leave. */
class EstimateTest {
  private static final int SALES = 40_000;
  private static final int SHOPS = 200;
  private static final TestDatabase DB = new TestDatabase();

  /** More rows than ANALYZE draws; half of them are of a tenth of the shops. */
  @BeforeAll
  static void fill() {
    SplittableRandom random = new SplittableRandom(11);
    DB.execute("CREATE TABLE shop (id INTEGER PRIMARY KEY, town VARCHAR(20))");
    for (int i = 0; i < SHOPS; i++) {
      DB.execute("INSERT INTO shop VALUES (?, ?)", i, i % 4 == 0 ? "Rome" : "town " + i % 40);
    }
    DB.execute(
        "CREATE TABLE sale (id INTEGER PRIMARY KEY, shop INTEGER, price DECIMAL(8, 2), day DATE,"
            + " what VARCHAR(30), note VARCHAR(20))");
    Plan.Change insert = (Plan.Change) DB.plan("INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?)");
    for (int i = 0; i < SALES; i++) {
      int shop = random.nextInt(random.nextBoolean() ? SHOPS / 10 : SHOPS);
      @Nullable Object[] row = {
        i,
        shop,
        BigDecimal.valueOf((long) Math.exp(random.nextDouble(13)), 2),
        LocalDate.of(2020, 1, 1).plusDays((long) Math.sqrt(random.nextInt(2_000_000))),
        (i % 3 == 0 ? "green " : "blue ") + random.nextInt(5000),
        i % 8 == 0 ? "gift" : null
      };
      DB.view().apply(insert.evaluate(DB.context(row)).changes());
    }
    DB.execute("ANALYZE");
  }

  private static RelNode algebra(String sql) {
    Schemas tables = new Schemas(DB.catalog(), DB.statistics(), List.of());
    return Conversions.of(StatementParser.parse(sql), tables.reader(Catalog.DEFAULT_SCHEMA))
        .root()
        .project();
  }

  private static double rows(String from) {
    return ((Number) DB.query("SELECT COUNT(*) FROM " + from).get(0).get(0)).doubleValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop = 3",
        "shop = 150",
        "shop <> 3",
        "shop IN (1, 2, 3, 150)",
        "shop < 20",
        "shop > 15 AND shop <= 50",
        "shop < 10 OR shop >= 190",
        "price > 1000",
        "price <= 0.5",
        "price > 10 AND price < 100",
        "day >= DATE '2020-01-01' AND day < DATE '2020-12-31'",
        "day > DATE '2023-06-01'",
        "note IS NULL",
        "note IS NOT NULL",
        "note = 'gift'",
        "NOT (shop = 3 AND note IS NULL)",
        "what LIKE 'green%'",
        "what LIKE '%1'",
        "what NOT LIKE 'blue%'",
        "what >= 'green'",
        "shop < 20 AND price > 1000 AND note IS NULL"
      })
  void a_condition_is_estimated_within_a_half(String condition) {
    double estimated = RelSize.of(algebra("SELECT * FROM sale WHERE " + condition)).rows();
    double actual = rows("sale WHERE " + condition);
    assertThat(estimated / actual).as(estimated + " for " + actual).isBetween(0.66, 1.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"NOT (note = 'gift')", "note <> 'gift'", "note NOT LIKE 'g%'", "shop < 0"})
  void a_condition_that_nothing_satisfies_is_estimated_as_a_row(String condition) {
    assertThat(rows("sale WHERE " + condition)).isZero();
    assertThat(RelSize.of(algebra("SELECT * FROM sale WHERE " + condition)).rows()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sale s JOIN shop t ON s.shop = t.id | 1.5",
        "sale s JOIN (SELECT * FROM shop WHERE town = 'Rome') t ON s.shop = t.id | 2",
        "(SELECT * FROM sale WHERE price > 1000) s JOIN shop t ON s.shop = t.id | 1.5",
        "shop s JOIN shop t ON s.town = t.town | 10"
      })
  void a_join_is_estimated_within_a_factor(String from, double factor) {
    Join join = (Join) algebra("SELECT * FROM " + from).getInput(0);
    int left = join.getLeft().getRowType().getFieldCount();
    int all = join.getRowType().getFieldCount();
    JoinSizes sizes =
        new JoinSizes(
            join.getInputs().stream().map(RelSize::of).toList(),
            List.of(0, left),
            IntStream.range(0, all).mapToObj(field -> field < left ? 0 : 1).toList(),
            RelOptUtil.conjunctions(join.getCondition()));
    double share = sizes.share(ImmutableBitSet.of(0), ImmutableBitSet.of(1));
    double estimated = sizes.rows(0) * sizes.rows(1) * share;
    double actual = rows(from);
    assertThat(estimated / actual).as(estimated + " for " + actual).isBetween(1 / factor, factor);
  }
}
