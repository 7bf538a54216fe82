package io.quorate.server.cli.shell;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs SQL without a terminal and prints what comes back, up to the first error. */
public final class ScriptRunner {
  /** Rows whose widths are known before they are printed; the next ones are aligned anew. */
  private static final int BLOCK_ROWS = 1000;

  private static final String NULL = "null";

  private final String url;
  private final Properties login;
  private final PrintWriter out;

  /**
   * @param login user and password; empty for what the URL says
   */
  public ScriptRunner(String url, Properties login, PrintWriter out) {
    this.url = url;
    this.login = login;
    this.out = out;
  }

  /**
   * Runs the statements of a script one after the other.
   *
   * @throws SQLException of the first one that fails; those before it have been run
   */
  public void run(String script) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, login);
        Statement statement = connection.createStatement()) {
      for (String sql : StatementSplitter.split(script)) {
        if (statement.execute(sql)) {
          try (ResultSet rows = statement.getResultSet()) {
            print(rows);
          }
        } else {
          out.println(counted(statement.getLargeUpdateCount()) + " changed");
        }
        out.flush();
      }
    }
  }

  private void print(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<String> headings = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      headings.add(columns.getColumnLabel(i));
    }
    List<List<String>> block = new ArrayList<>();
    block.add(headings);
    long count = 0;
    while (rows.next()) {
      count++;
      block.add(texts(rows, headings.size()));
      if (block.size() >= BLOCK_ROWS) {
        print(block);
        block.clear();
      }
    }
    print(block);
    out.println("(" + counted(count) + ")");
  }

  private static List<String> texts(ResultSet rows, int count) throws SQLException {
    List<String> texts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String text = rows.getString(i);
      texts.add(text == null ? NULL : text);
    }
    return texts;
  }

  private void print(List<List<String>> block) {
    if (block.isEmpty()) {
      return;
    }
    int[] widths =
        IntStream.range(0, block.get(0).size())
            .map(column -> block.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    for (List<String> row : block) {
      out.println(
          IntStream.range(0, widths.length)
              .mapToObj(
                  column -> row.get(column) + " ".repeat(widths[column] - row.get(column).length()))
              .collect(Collectors.joining("  "))
              .stripTrailing());
    }
  }

  private static String counted(long rows) {
    return rows == 1 ? "1 row" : rows + " rows";
  }
}
