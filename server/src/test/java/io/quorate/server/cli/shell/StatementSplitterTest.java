package io.quorate.server.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StatementSplitterTest {
  @Test
  void statements_end_at_semicolons_and_lose_them() {
    assertThat(StatementSplitter.split("SELECT 1;\n  SELECT\n2 ;SELECT 3"))
        .containsExactly("SELECT 1", "SELECT\n2", "SELECT 3");
  }

  @Test
  void semicolons_in_strings_names_and_comments_are_part_of_the_statement() {
    assertThat(
            StatementSplitter.split(
                "SELECT ';', 'it''s;' AS \"a;b\" -- one; two\n, 1 /* ; */ FROM t; SELECT 2;"))
        .containsExactly(
            "SELECT ';', 'it''s;' AS \"a;b\" -- one; two\n, 1 /* ; */ FROM t", "SELECT 2");
  }

  @Test
  void blanks_and_comments_alone_are_no_statement() {
    assertThat(StatementSplitter.split("")).isEmpty();
    assertThat(StatementSplitter.split(" ;; -- nothing; here\n /* nor; here */ ;")).isEmpty();
  }

  @Test
  void what_does_not_end_is_left_to_the_database() {
    assertThat(StatementSplitter.split("SELECT 'a; b")).containsExactly("SELECT 'a; b");
    assertThat(StatementSplitter.split("SELECT 1 /* a; b")).containsExactly("SELECT 1 /* a; b");
    assertThat(StatementSplitter.split("SELECT 1 -- a; b")).containsExactly("SELECT 1 -- a; b");
  }
}
