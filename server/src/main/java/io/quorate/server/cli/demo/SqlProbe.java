package io.quorate.server.cli.demo;

import io.quorate.server.cli.demo.DemoPlan.Member;
import io.quorate.server.lang.Deadline;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/** Asks a node by SQL until it gives the answer that is wanted. */
final class SqlProbe {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

  private final Member member;
  private final Properties login;

  SqlProbe(Member member, Properties login) {
    this.member = member;
    this.login = login;
  }

  /** Waits until the node runs statements at all. */
  void awaitAnswer() throws InterruptedException {
    awaitPositive("VALUES 1");
  }

  /** Waits until the node has the rows that were written last. */
  void awaitSample() throws InterruptedException {
    awaitPositive("SELECT COUNT(*) FROM " + TpchSample.LAST.name());
  }

  private void awaitPositive(String query) throws InterruptedException {
    Deadline deadline = Deadline.after(PATIENCE, System::nanoTime);
    while (true) {
      Optional<String> problem = problem(query);
      if (problem.isEmpty()) {
        return;
      }
      if (deadline.expired()) {
        throw new DemoFailedException(
            "node %s does not answer \"%s\" after %d s: %s; see %s"
                .formatted(
                    member.name(), query, PATIENCE.toSeconds(), problem.get(), member.logFile()));
      }
      LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private Optional<String> problem(String query) {
    try (Connection connection = DriverManager.getConnection(member.url(), login);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() && rows.getLong(1) > 0 ? Optional.empty() : Optional.of("no rows yet");
    } catch (SQLException e) {
      return Optional.of(e.getMessage() + " (SQLState " + e.getSQLState() + ")");
    }
  }
}
