package io.quorate.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.lang.SqlFailure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LiteralTextTest {
  private static String key(String sql) {
    return LiteralText.of(sql).orElseThrow().key(null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "SELECT 1; SELECT «INTEGER»",
        "select 2147483647,2147483648; select «INTEGER»,«BIGINT»",
        "SELECT 999999999999999999, 1000000000000000000; SELECT «BIGINT», 1000000000000000000",
        "SELECT 007; SELECT «INTEGER»",
        "SELECT -5, - 5; SELECT -«INTEGER», - «INTEGER»",
        "SELECT 1.5, .5, 0.05; SELECT «DECIMAL(2,1)», «DECIMAL(1,1)», «DECIMAL(3,2)»",
        "SELECT 1., 2; SELECT 1., «INTEGER»",
        "SELECT 1.5E0, 1e-5, 2E+3, 4; SELECT 1.5E0, 1e-5, 2E+3, «INTEGER»",
        "SELECT 'a', '', 'it''s', ''''; SELECT «VARCHAR», «VARCHAR», «VARCHAR», «VARCHAR»",
        "SELECT 'a' 'b'; SELECT «VARCHAR» «VARCHAR»",
        "SELECT \"a'1\"\"2\", '\"'; SELECT \"a'1\"\"2\", «VARCHAR»",
        "SELECT a1, b_2, c$3, d.e4 FROM t5 WHERE x=6; SELECT a1, b_2, c$3, d.e4 FROM t5 WHERE"
            + " x=«INTEGER»",
        "SELECT ?, 1; SELECT ?, «INTEGER»",
        "SELECT 1 -- it's 2; SELECT «INTEGER» -- it's 2",
        "SELECT 1 // it's 2; SELECT «INTEGER» // it's 2",
        "SELECT /* it's 1 */ 2; SELECT /* it's 1 */ «INTEGER»",
        "SELECT /*+ hint(1) */ 2/3; SELECT /*+ hint(1) */ «INTEGER»/«INTEGER»",
        "SELECT DATE '2026-01-01', X'00', N'a'; SELECT DATE «VARCHAR», X«VARCHAR», N«VARCHAR»",
        "SELECT U&'\\0041' UESCAPE '!', _utf8'a'; SELECT U&«VARCHAR» UESCAPE «VARCHAR»,"
            + " _utf8«VARCHAR»",
        "SELECT {d '2026-01-01'}; SELECT {d «VARCHAR»}",
        "SELECT a[1], b(2,3); SELECT a[«INTEGER»], b(«INTEGER»,«INTEGER»)",
        "  /* first */ (SELECT 1); /* first */ (SELECT «INTEGER»)",
        "Insert Into t Values (1); Insert Into t Values («INTEGER»)",
        "UPDATE t SET a = 'x'; UPDATE t SET a = «VARCHAR»",
        "DELETE FROM t WHERE a = 1; DELETE FROM t WHERE a = «INTEGER»",
        "SELECT '-- /* \" 1'; SELECT «VARCHAR»",
        "SELECT '\uD83D\uDE00', '\uD83D', '\uDE00 '; SELECT «VARCHAR», '\uD83D', '\uDE00 '"
      })
  void literals_are_named_by_their_types(String sql, String key) {
    assertThat(key(sql).strip()).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "SELECT a FROM t",
        "SELECT 'open",
        "SELECT 1, \"open",
        "SELECT 1 /* open",
        "SELECT 1a",
        "SELECT 1.2.3",
        "SELECT 1..2",
        "SELECT 1e",
        "SELECT 1e5x",
        "SELECT '«' , 1",
        "SELECT a «INTEGER» 1",
        "1",
        "'a'",
        "CREATE USER u PASSWORD 'hush'",
        "ALTER USER u PASSWORD 'hush'",
        "SELECTED 1",
        "WITH x AS (SELECT 1) SELECT 2",
        "VALUES (1)",
        "MERGE INTO t USING (VALUES (1)) s(x) ON TRUE WHEN MATCHED THEN UPDATE SET a = 1",
        "EXPLAIN PLAN FOR SELECT 1",
        "SET x = 1"
      })
  void other_texts_are_left_alone(String sql) {
    assertThat(LiteralText.of(sql)).isEmpty();
  }

  @Test
  void there_are_only_so_many() {
    String most = "SELECT 1" + ", 1".repeat(LiteralText.LITERALS_MAX - 1);
    assertThat(LiteralText.of(most).orElseThrow().count()).isEqualTo(LiteralText.LITERALS_MAX);
    assertThat(LiteralText.of(most + ", 1")).isEmpty();
  }

  @Test
  void values_are_those_that_are_written() {
    LiteralText text = LiteralText.of("SELECT 'it''s', '', 17, 2147483648, 1.50, 0").orElseThrow();
    List<Object> values = new ArrayList<>();
    List<Object> negative = new ArrayList<>();
    for (int i = 0; i < text.count(); i++) {
      values.add(text.value(i, false));
      negative.add(text.value(i, true));
    }
    assertThat(values).containsExactly("it's", "", 17, 2147483648L, new BigDecimal("1.50"), 0);
    assertThat(negative.subList(2, 6))
        .containsExactly(-17, -2147483648L, new BigDecimal("-1.50"), 0);
  }

  @Test
  void those_that_are_kept_stay_in_the_text() {
    LiteralText text = LiteralText.of("SELECT 1 FROM t WHERE a = 'x' LIMIT 5").orElseThrow();
    assertThat(text.key(new boolean[] {true, false, true}))
        .isEqualTo("SELECT 1 FROM t WHERE a = «VARCHAR» LIMIT 5");
  }

  private static final List<String> TOKENS =
      List.of(
          "a",
          "B2",
          "\"q 'x' 1\"",
          "\"a\"\"b\"",
          "+",
          "-",
          "*",
          "/",
          "(",
          ")",
          ",",
          "=",
          "<>",
          "?",
          "-- it's 1\n",
          "/* it's 2 */",
          "//3\r",
          "1",
          "17",
          "2147483648",
          "0.5",
          ".25",
          "1.",
          "1e5",
          "2.5E-3",
          "99999999999999999999",
          "'x'",
          "''",
          "'it''s'",
          "''''",
          "'-- 1'",
          "'/*'",
          "DATE",
          "N",
          "X",
          "U&",
          "_utf8",
          "INTERVAL",
          "{d",
          "}",
          "::",
          "||",
          "é",
          ";",
          "\n",
          "\t");

  /** Random tokens, sense or not: what is taken out and put back is what it was. */
  @Test
  void a_text_is_its_key_and_its_literals() {
    SplittableRandom random = new SplittableRandom(1);
    int taken = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder sql = new StringBuilder("SELECT ");
      int count = random.nextInt(12);
      for (int k = 0; k < count; k++) {
        sql.append(TOKENS.get(random.nextInt(TOKENS.size())));
        sql.append(random.nextInt(3) == 0 ? "" : " ");
      }
      Optional<LiteralText> text = LiteralText.of(sql.toString());
      if (text.isPresent()) {
        taken++;
        assertThat(restored(sql.toString(), text.get())).isEqualTo(sql.toString());
      }
    }
    assertThat(taken).isGreaterThan(10_000);
  }

  private static String restored(String sql, LiteralText text) {
    StringBuilder restored = new StringBuilder();
    int from = 0;
    String key = text.key(null);
    for (int i = 0; i < text.count(); i++) {
      int mark = key.indexOf('«', from);
      restored.append(key, from, mark);
      from = key.indexOf('»', mark) + 1;
      int begin = restored.length();
      int end = begin;
      while (text.find(begin, end) != i) {
        end++;
      }
      restored.append(sql, begin, end);
    }
    return restored.append(key.substring(from)).toString();
  }

  /** Of what the parser takes, it finds the number and string literals in the same places. */
  @Test
  void the_parser_finds_the_same_literals() {
    SplittableRandom random = new SplittableRandom(2);
    List<String> operands =
        List.of(
            "1",
            "-7",
            "- 8",
            "17",
            "2147483648",
            "0.5",
            ".25",
            "'x'",
            "''",
            "'it''s'",
            "''''",
            "'-- 1'",
            "a",
            "\"q 'x' 1\"",
            "?",
            "DATE '2026-01-01'",
            "N'a'",
            "X'00'",
            "1e5",
            "NULL",
            "INTERVAL '1' DAY",
            "{d '2026-01-01'}",
            "U&'b'",
            "99999999999999999999",
            "'a'\n'b'");
    List<String> between =
        List.of(" + ", ", ", "-- it's 1\n,", "/* it's 2 */ - ", " = ", "||", "//3\n*", "-");
    int found = 0;
    for (int i = 0; i < 5_000; i++) {
      StringBuilder sql = new StringBuilder("SELECT ");
      for (int k = random.nextInt(6); k >= 0; k--) {
        sql.append(operands.get(random.nextInt(operands.size())));
        sql.append(k == 0 ? "" : between.get(random.nextInt(between.size())));
      }
      Optional<LiteralText> text = LiteralText.of(sql.toString());
      if (text.isPresent()) {
        found += assertFound(sql.toString(), text.get());
      }
    }
    assertThat(found).isGreaterThan(5_000);
  }

  private static int assertFound(String sql, LiteralText text) {
    SqlText places = SqlText.of(sql);
    int[] found = new int[1];
    SqlNode node;
    try {
      node = StatementParser.parse(sql);
    } catch (SqlFailure notSql) {
      return 0;
    }
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlLiteral literal) {
            int begin = places.begin(literal.getParserPosition());
            int end = places.end(literal.getParserPosition());
            String written = sql.substring(begin, end);
            if (literal instanceof SqlNumericLiteral number
                && number.isExact()
                && written.length() < 18
                && written.matches("[0-9]*\\.?[0-9]+")) {
              int at = text.find(begin, end);
              assertThat(at).as(sql).isNotNegative();
              assertThat(text.value(at, false).toString())
                  .isEqualTo(number.bigDecimalValue().toString());
              found[0]++;
            } else if (literal instanceof SqlCharStringLiteral && written.matches("'([^']|'')*'")) {
              int at = text.find(begin, end);
              assertThat(at).as(sql).isNotNegative();
              assertThat(text.value(at, false)).isEqualTo(literal.getValueAs(String.class));
              found[0]++;
            }
            return null;
          }
        });
    return found[0];
  }
}
