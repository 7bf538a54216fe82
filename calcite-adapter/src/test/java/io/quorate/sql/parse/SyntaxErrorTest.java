package io.quorate.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SyntaxErrorTest {
  private static final String[] WORDS = {
    "SELECT",
    "FROM",
    "WHERE",
    "(",
    ")",
    ",",
    "*",
    "=",
    "'text'",
    "\"name\"",
    "t",
    "1",
    "1.5e3",
    "CREATE",
    "TABLE",
    "DROP",
    "INDEX",
    "UNIQUE",
    "PRIMARY",
    "KEY",
    "NOT",
    "NULL",
    "DEFAULT",
    "SET",
    "SHOW",
    "ALL",
    "TABLES",
    "START",
    "TRANSACTION",
    "READ",
    "ONLY",
    "EXPLAIN",
    "PLAN",
    "FOR",
    "?",
    ";",
    "INSERT",
    "INTO",
    "VALUES",
    "VALUE",
    "UPDATE",
    "DELETE",
    "GROUP",
    "BY",
    "ORDER",
    "LIMIT",
    "IF",
    "EXISTS",
    "INT",
    "VARCHAR",
    "'",
    "\"",
    "/*",
    "--",
    "\u0000",
    "ß",
    "€",
    "{",
    "}",
    ".",
    "||"
  };

  private static SqlFailure failure(String sql) {
    return catchThrowableOfType(SqlFailure.class, () -> StatementParser.parse(sql));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT a FORM t WHERE|line 1, column 15: unexpected \"t\"",
        "SELECT|line 1, column 6: unexpected end of the statement",
        "CREATE TABLE t (select INT)|line 1, column 17: unexpected \"select\"",
        "SELECT TRANSLATE(a, VARCHAR) FROM t|line 1, column 21: unexpected \"VARCHAR\"",
        "SELEC 1|line 1, column 1: unexpected \"SELEC\"",
        "CREATE DOMAIN r|line 1, column 8: unexpected \"DOMAIN\"",
        "CREATE TABLE t (a INT PRIMARY)|line 1, column 30: unexpected \")\"",
        "CREATE TABLE t ()|line 1, column 17: unexpected \")\"",
        "DROP t|line 1, column 6: unexpected \"t\"",
        "SHOW COLUMNS t|line 1, column 14: unexpected \"t\"",
        "SET a 1|line 1, column 7: unexpected \"1\", SET a wants = or TO here",
        "START|line 1, column 5: unexpected end of the statement",
        "BEGIN READ ONLY READ WRITE|line 1, column 22: READ ONLY or READ WRITE is said twice",
        "CREATE TABLE t (a INT NULL NOT NULL)|line 1, column 32: column \"A\" is said to be both"
            + " NULL and NOT NULL",
        "CREATE TABLE t (a INT DEFAULT 1 DEFAULT 2)|line 1, column 41: column \"A\" has two"
            + " DEFAULTs",
        "SELECT 'abc|line 1, column 8: the text that begins here has no end",
        "SELECT \"abc|line 1, column 8: the quoted name that begins here has no end",
        "SELECT 1 /* abc|line 1, column 16: a comment has no end",
        "SELECT # FROM t|line 1, column 8: unexpected character \"#\"",
        "SELECT 1; SELECT 2|the text holds 2 statements; one at a time, please",
        ";|line 1, column 1: unexpected \";\"",
      })
  void the_place_and_the_word_are_named(String sql, String message) {
    SqlFailure failure = failure(sql);
    assertThat(failure.state()).isEqualTo(State.SYNTAX_ERROR);
    assertThat(failure).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CREATE TABLE t (a POINT)|OBJECT_NOT_FOUND|line 1, column 19: type POINT not found",
        "CREATE TABLE t (a INT MULTISET)|NOT_SUPPORTED|line 1, column 19: columns of type INTEGER"
            + " MULTISET are not supported",
        "CREATE TABLE t (a TIME WITH TIME ZONE)|NOT_SUPPORTED|line 1, column 19: columns of type"
            + " TIME WITH TIME ZONE are not supported",
        "CREATE TABLE t (a DECIMAL(39))|INVALID_PARAMETER|line 1, column 19: DECIMAL(39) has 39"
            + " digits, not 1 to 38",
        "CREATE TABLE t (a DECIMAL(5, 6))|INVALID_PARAMETER|line 1, column 19: DECIMAL(5, 6) has 6"
            + " digits behind the point, not 0 to 5",
        "CREATE TABLE t (a TIMESTAMP(10))|INVALID_PARAMETER|line 1, column 19: TIMESTAMP(10) has 10"
            + " digits of a fraction of a second, not 0 to 9",
        "CREATE TABLE t (a INT, b INT DEFAULT a)|NOT_SUPPORTED|line 1, column 38: the DEFAULT of"
            + " column \"B\" cannot use the column A",
        "CREATE TABLE t (b INT DEFAULT ?)|NOT_SUPPORTED|line 1, column 31: the DEFAULT of column"
            + " \"B\" cannot use a parameter",
        "CREATE TABLE t (b INT DEFAULT (SELECT 1))|NOT_SUPPORTED|line 1, column 31: the DEFAULT of"
            + " column \"B\" cannot use a query or an aggregate",
        "DROP TABLE x.app.t|SCHEMA_NOT_FOUND|catalog \"X\" not found; the only one is QUORATE",
        "DROP TABLE a.b.c.d|SYNTAX_ERROR|the name A.B.C.D has 4 parts, at most 3",
      })
  void what_is_sql_but_not_ours_is_named(String sql, State state, String message) {
    SqlFailure failure = failure(sql);
    assertThat(failure).hasMessage(message);
    assertThat(failure.state()).isEqualTo(state);
  }

  @Test
  void a_text_without_a_statement_is_refused() {
    assertThat(failure("  -- nothing")).hasMessage("the text holds no statement");
  }

  @Test
  void a_long_token_is_cut() {
    assertThat(failure("SELECT 1 FROM '" + "x".repeat(5000) + "'").getMessage())
        .hasSizeLessThan(100)
        .contains("…");
  }

  @Test
  void a_name_that_is_too_long_is_refused() {
    assertThat(failure("SELECT " + "x".repeat(129)).state()).isEqualTo(State.SYNTAX_ERROR);
  }

  @Test
  void nesting_has_a_bound() {
    SqlFailure failure = failure("SELECT " + "(".repeat(100_000) + "1" + ")".repeat(100_000));
    assertThat(failure.state()).isEqualTo(State.LIMIT_EXCEEDED);
    assertThat(failure).hasMessage("the statement is nested too deeply");
  }

  @Test
  void whatever_is_no_statement_fails_as_one_line_of_syntax_error() {
    Random random = new Random(20261122);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      String sql = round % 2 == 0 ? words(random) : characters(random);
      SqlFailure failure = failure(sql);
      if (failure != null) {
        refused++;
        assertThat(failure.state())
            .describedAs(sql)
            .isIn(
                State.SYNTAX_ERROR,
                State.NOT_SUPPORTED,
                State.OBJECT_NOT_FOUND,
                State.SCHEMA_NOT_FOUND,
                State.INVALID_PARAMETER);
        assertThat(failure.getMessage()).describedAs(sql).hasLineCount(1);
      }
    }
    assertThat(refused).isGreaterThan(2000);
  }

  private static String words(Random random) {
    StringBuilder sql = new StringBuilder();
    for (int count = random.nextInt(12); count >= 0; count--) {
      sql.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return sql.toString();
  }

  private static String characters(Random random) {
    StringBuilder sql = new StringBuilder();
    for (int count = random.nextInt(30); count >= 0; count--) {
      sql.append((char) (random.nextInt(10) == 0 ? random.nextInt(0xD800) : random.nextInt(128)));
    }
    return sql.toString();
  }
}
