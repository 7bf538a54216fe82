package io.quorate.sql.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** COALESCE and CASE over NULLs in conditions of a CASE, which simplification got wrong. */
final class GuardedValuesTest {
  private static final String CHOICE =
      "SELECT Y.ID FROM T X FULL JOIN T Y ON X.ID = Y.P WHERE %s ORDER BY Y.ID NULLS LAST";

  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void rows() {
    database.execute("CREATE TABLE T (ID INTEGER NOT NULL PRIMARY KEY, P INTEGER, V INTEGER)");
    database.execute(
        "INSERT INTO T VALUES (-1, NULL, 0), (0, -1, 1), (1, NULL, NULL), (2, 9, 5), (3, 2, -5)");
  }

  /*
   * The rows (X.ID, Y.ID, Y.V): (-1, 0, 1), (2, 3, -5); of Y alone (-, -1, 0), (-, 1, -), (-, 2, 5);
   * of X alone (0, -, -), (1, -, -), (3, -, -).
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CASE WHEN COALESCE(X.ID, 3) <= 0 THEN Y.V ELSE 1 END >= 1 | -1 0 1 2 3 - -",
        "CASE WHEN COALESCE(X.ID, 3) > 0 THEN 1 ELSE Y.V END >= 1 | -1 0 1 2 3 - -",
        "CASE WHEN COALESCE(X.ID, -3) <= 0 THEN Y.V ELSE 1 END >= 1 | 0 2 3 - -",
        "CASE WHEN COALESCE(X.ID, -3) > 0 THEN 1 ELSE Y.V END >= 1 | 0 2 3 - -",
        "CASE WHEN CASE WHEN X.ID IS NOT NULL THEN X.ID ELSE 3 END <= 0 THEN 0 ELSE 1 END = 1"
            + " | -1 1 2 3 - -",
        "CASE WHEN CASE WHEN X.ID IS NULL THEN 3 ELSE X.ID END <= 0 THEN 0 ELSE 1 END = 1"
            + " | -1 1 2 3 - -",
        "CASE WHEN COALESCE(X.ID, Y.ID, 7) > 1 THEN 1 ELSE 0 END = 1 | 2 3 -",
        "NOT (COALESCE(X.ID, 3) <= 0) | -1 1 2 3 - -",
        "(CASE WHEN COALESCE(X.ID, 3) <= 0 THEN Y.V ELSE 1 END >= 1) IS NOT TRUE | -",
        "EXISTS (SELECT 1 FROM T Z WHERE"
            + " CASE WHEN COALESCE(X.ID, 3) <= 0 THEN Y.V ELSE Z.ID END >= 3) | -1 1 2 3 - -",
      })
  void inAConditionOfJoinedRows(String condition, String expected) {
    List<String> ids =
        database.query(CHOICE.formatted(condition)).stream()
            .map(row -> row.get(0) == null ? "-" : String.valueOf(row.get(0)))
            .toList();

    assertEquals(List.of(expected.split(" ")), ids);
  }

  @Test
  void inASelectList() {
    String text =
        database.text(
            "SELECT Y.ID, CASE WHEN COALESCE(X.ID, 3) <= 0 THEN 'low' ELSE 'high' END FROM T X"
                + " RIGHT JOIN T Y ON X.ID = Y.P ORDER BY 1");

    assertEquals("-1|high\n0|low\n1|high\n2|high\n3|high", text);
  }

  @Test
  void inASumOfACrossJoin() {
    assertEquals(
        List.of(List.of(18L)),
        database.query(
            "SELECT COUNT(*) FROM T Y, T X"
                + " WHERE X.ID + CASE WHEN COALESCE(Y.P, 3) <= 0 THEN X.V ELSE 1 END >= 1"));
  }
}
