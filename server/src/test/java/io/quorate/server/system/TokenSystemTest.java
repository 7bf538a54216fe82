package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was written is seen: by everybody with the same pool, and by whoever was given a token. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class TokenSystemTest {
  private static final int CONNECTIONS = 20;
  private static final int WRITERS = 16;
  private static final int READS = 100_000;

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void another_jvm_that_was_given_the_token_reads_what_was_written() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          try (HikariDataSource pool = tokens(cluster);
              Reader reader = new Reader(cluster.url())) {
            List<String> wrong =
                run(
                    (row, version) -> {
                      String token = write(pool, row, version, true);
                      String seen = reader.read(row, token);
                      return seen.equals(String.valueOf(version)) ? null : seen;
                    });
            Figures.print("token handed over: " + READS + " reads, wrong " + wrong.size());
            assertThat(wrong).isEmpty();
          }
        });
  }

  @Test
  @Tag("slow")
  void every_connection_of_a_pool_reads_what_another_one_has_written() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          try (HikariDataSource pool = tokens(cluster)) {
            List<String> wrong =
                run(
                    (row, version) -> {
                      var unused = write(pool, row, version, false);
                      try (Connection other = pool.getConnection()) {
                        long seen = TokenReader.version(other, row);
                        return seen == version ? null : "version " + seen + " of " + version;
                      }
                    });
            Figures.print("one pool, no token: " + READS + " reads, wrong " + wrong.size());
            assertThat(wrong).isEmpty();
          }
        });
  }

  private static HikariDataSource tokens(SystemCluster cluster) throws SQLException {
    HikariDataSource pool = PooledLoad.pool(cluster.url(), CONNECTIONS);
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE tokens (id INTEGER PRIMARY KEY, version BIGINT)");
      for (int i = 0; i < WRITERS; i++) {
        statement.executeUpdate("INSERT INTO tokens VALUES (" + i + ", 0)");
      }
    }
    return pool;
  }

  /** Writes a version of its row and reads it; what it says is what went wrong. */
  private interface Step {
    @Nullable String run(int row, long version) throws Exception;
  }

  /** Each thread has a row of its own; what they found wrong, at most the first hundred. */
  private static List<String> run(Step step) throws Exception {
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int row = i;
        ends.add(
            threads.submit(
                () -> {
                  for (long version = 1;
                      version <= READS / WRITERS && wrong.size() < 100;
                      version++) {
                    String found = step.run(row, version);
                    if (found != null) {
                      wrong.add("row " + row + ": " + found);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
    return List.copyOf(wrong);
  }

  /** Writes, and says by which token that can be seen elsewhere, if asked. */
  private static String write(HikariDataSource pool, int row, long version, boolean asked)
      throws SQLException {
    try (Connection connection = pool.getConnection()) {
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE tokens SET version = ? WHERE id = ?")) {
        update.setLong(1, version);
        update.setInt(2, row);
        assertThat(update.executeUpdate()).isEqualTo(1);
      }
      if (!asked) {
        return "";
      }
      try (Statement statement = connection.createStatement();
          ResultSet token = statement.executeQuery("SELECT LAST_COMMIT_TOKEN()")) {
        assertThat(token.next()).isTrue();
        return token.getString(1);
      }
    }
  }

  /** The other JVM. Thread-safe; each row has one question at a time. */
  private static final class Reader implements AutoCloseable {
    private final Process process;
    private final PrintStream questions;
    private final List<BlockingQueue<String>> answers = new ArrayList<>();

    Reader(String url) throws IOException {
      for (int i = 0; i < WRITERS; i++) {
        answers.add(new ArrayBlockingQueue<>(1));
      }
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TokenReader.class.getName(),
                  url,
                  Integer.toString(CONNECTIONS))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      questions = new PrintStream(process.getOutputStream(), false, StandardCharsets.UTF_8);
      Thread listener = new Thread(this::listen, "token-answers");
      listener.setDaemon(true);
      listener.start();
    }

    private void listen() {
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] words = line.split(" ", 2);
          if (!answers.get(Integer.parseInt(words[0])).offer(words[1])) {
            throw new AssertionError("two answers at once: " + line);
          }
        }
      } catch (IOException e) {
        // The test is over.
        return;
      }
    }

    String read(int row, String token) throws InterruptedException {
      synchronized (questions) {
        questions.println(row + " " + token);
        questions.flush();
      }
      String answer = answers.get(row).poll(60, TimeUnit.SECONDS);
      return answer == null ? "no answer" : answer;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
