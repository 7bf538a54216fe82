package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.exec.SystemTables;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All 22 queries at scale 0.01, against what PostgreSQL 15 answered on the same rows. */
class TpchTest {
  private static final double SCALE = 0.01;
  private static final double DIFFERENCE_MAX = 1e-6;
  private static final TestDatabase DB = new TestDatabase();

  /** Knows nothing of the rows but their number. */
  private static final CalcitePlanner GUESSING =
      new CalcitePlanner(table -> DB.view().rowCount(table.id()), SystemTables.NONE);

  @BeforeAll
  static void load() {
    TpchData.TABLES.forEach(
        (name, columns) -> {
          DB.execute("CREATE TABLE " + name + " (" + columns + ")");
          List<Object[]> rows = TpchData.rows(name, SCALE);
          String marks = String.join(", ", Collections.nCopies(rows.get(0).length, "?"));
          Plan.Change insert =
              (Plan.Change) DB.plan("INSERT INTO " + name + " VALUES (" + marks + ")");
          rows.forEach(row -> DB.view().apply(insert.evaluate(DB.context(row)).changes()));
        });
    TpchData.INDEXES.forEach(DB::execute);
    DB.execute("ANALYZE");
  }

  static Stream<String> queries() {
    return IntStream.rangeClosed(1, 22).mapToObj(i -> String.format(Locale.ROOT, "q%02d", i));
  }

  @Test
  void lineitem_has_its_rows() {
    assertThat(DB.text("SELECT COUNT(*) FROM lineitem")).isEqualTo("60175");
  }

  @ParameterizedTest
  @MethodSource("queries")
  void answers_as_postgresql_does(String query) throws IOException {
    assertAnswer(query, (Plan.Query) DB.plan(resource(query + ".sql")));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("queries")
  void answers_without_statistics_too(String query) throws IOException {
    assertAnswer(
        query,
        (Plan.Query) GUESSING.plan(DB.catalog(), Catalog.DEFAULT_SCHEMA, resource(query + ".sql")));
  }

  private static void assertAnswer(String query, Plan.Query plan) throws IOException {
    List<List<@Nullable Object>> rows = DB.rows(plan);
    List<String> expected = resource(query + ".txt").lines().toList();
    assertThat(rows).as("rows").hasSameSizeAs(expected);
    for (int i = 0; i < rows.size(); i++) {
      List<String> values = List.of(expected.get(i).split("\\|", -1));
      assertThat(rows.get(i)).hasSameSizeAs(values);
      for (int k = 0; k < values.size(); k++) {
        assertSame(rows.get(i).get(k), values.get(k), query + " row " + i + " column " + k);
      }
    }
  }

  private static void assertSame(@Nullable Object value, String expected, String where) {
    if (expected.isEmpty()) {
      assertThat(value).as(where).isNull();
    } else if (value instanceof BigDecimal number) {
      double wanted = Double.parseDouble(expected);
      assertThat(number.doubleValue())
          .as(where)
          .isCloseTo(
              wanted,
              org.assertj.core.data.Offset.offset(Math.max(1, Math.abs(wanted)) * DIFFERENCE_MAX));
    } else {
      assertThat(String.valueOf(value)).as(where).isEqualTo(expected);
    }
  }

  @Test
  void no_plan_sorts_for_a_join() throws IOException {
    List<String> plans = new ArrayList<>();
    for (String query : queries().toList()) {
      plans.add(DB.explain(resource(query + ".sql")));
    }
    assertThat(plans).noneMatch(plan -> plan.contains("MergeJoin"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TpchTest.class.getResourceAsStream("/tpch/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
