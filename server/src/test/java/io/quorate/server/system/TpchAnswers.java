package io.quorate.server.system;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Holds two databases' answers to the 22 queries of TPC-H against each other, row by row in their
 * order: a program of one file for {@code java}, with the JDBC drivers on its class path. Arguments
 * are two JDBC URLs and the directory of the queries. Ends with 1 when an answer differs. How it is
 * called is in docs/benchmarks/sql.md.
 */
final class TpchAnswers {
  private static final int QUERIES = 22;
  private static final double DIFFERENCE_MAX = 1e-9;

  private TpchAnswers() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    int equal = 0;
    try (Connection one = DriverManager.getConnection(arguments[0]);
        Connection other = DriverManager.getConnection(arguments[1])) {
      for (int i = 1; i <= QUERIES; i++) {
        String file = String.format(Locale.ROOT, "q%02d.sql", i);
        String sql = Files.readString(Path.of(arguments[2], file));
        List<List<String>> rows = rows(one, sql);
        Optional<String> difference = difference(rows, rows(other, sql));
        equal += difference.isPresent() ? 0 : 1;
        System.out.println(file + ": " + difference.orElse("the same " + rows.size() + " rows"));
      }
    }
    System.out.println(equal + " of " + QUERIES + " are the same");
    System.exit(equal == QUERIES ? 0 : 1);
  }

  /** CHAR columns come with their blanks or without, and each system is right. */
  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)).stripTrailing());
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static Optional<String> difference(List<List<String>> rows, List<List<String>> others) {
    for (int i = 0; i < Math.min(rows.size(), others.size()); i++) {
      for (int k = 0; k < rows.get(i).size(); k++) {
        if (!isSame(rows.get(i).get(k), others.get(i).get(k))) {
          return Optional.of("row " + i + " is " + rows.get(i) + " and " + others.get(i));
        }
      }
    }
    return rows.size() == others.size()
        ? Optional.empty()
        : Optional.of(rows.size() + " rows and " + others.size());
  }

  private static boolean isSame(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    try {
      double a = new BigDecimal(one).doubleValue();
      double b = new BigDecimal(other).doubleValue();
      return Math.abs(a - b) <= DIFFERENCE_MAX * Math.max(Math.abs(a), Math.abs(b));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
