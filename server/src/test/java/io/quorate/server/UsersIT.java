package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.quorate.driver.QuorateDriver;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigException;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.WriteIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Users of whole nodes: made, changed, dropped, remembered, and never told. */
@Timeout(240)
final class UsersIT {
  /** A part of each password here; nothing that a node says may hold it. */
  private static final String PART = "hunter";

  @TempDir Path directory;
  private final List<InetSocketAddress> ports = LoopbackPorts.find(6);
  private final List<Node> nodes = new ArrayList<>();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);

  @BeforeEach
  void listen() {
    logged.start();
    root.addAppender(logged);
  }

  @AfterEach
  void stop() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).close();
    }
    root.detachAppender(logged);
    assertThat(List.copyOf(logged.list))
        .allSatisfy(
            event -> {
              // JGroups makes an error of a connection that the other side was first to close.
              if (!event.getLoggerName().startsWith("org.jgroups.")) {
                assertThat(event.getLevel()).isNotEqualTo(Level.ERROR);
              }
              assertThat(event.getFormattedMessage() + event.getKeyValuePairs())
                  .doesNotContain(PART)
                  .doesNotContain("SCRAM-SHA-256$");
            });
  }

  private Map<String, String> flags(int number) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n" + (number + 1));
    flags.put("node.data", directory.resolve("n" + (number + 1)).toString());
    flags.put("node.mode", "cluster");
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:" + ports.get(3 + number).getPort());
    flags.put("network.peer_addr", "127.0.0.1:" + ports.get(number).getPort());
    flags.put("log.segment_bytes", "16MiB");
    if (number == 0) {
      flags.put("cluster.bootstrap", "true");
    } else {
      flags.put("cluster.join", "127.0.0.1:" + ports.get(0).getPort());
    }
    return flags;
  }

  private Node open(Map<String, String> flags) {
    Node node =
        new Node(ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config());
    nodes.add(node);
    node.open();
    return node;
  }

  private static Connection connect(Node node, @Nullable String user, @Nullable String password)
      throws SQLException {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return Objects.requireNonNull(
        new QuorateDriver()
            .connect("jdbc:quorate://" + node.clientAddress() + "/?target=contact", properties));
  }

  private static void assertRefused(Node node, @Nullable String user, @Nullable String password) {
    SQLException failure =
        catchThrowableOfType(SQLException.class, () -> connect(node, user, password));
    assertThat((Exception) failure).isNotNull();
    assertThat(failure.getSQLState()).isEqualTo("28000");
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String one(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return String.valueOf(row.getString(1));
    }
  }

  private static String state(Connection connection, String sql) {
    SQLException failure = catchThrowableOfType(SQLException.class, () -> run(connection, sql));
    assertThat((Exception) failure).isNotNull();
    assertThat(failure.getMessage()).doesNotContain(PART);
    return String.valueOf(failure.getSQLState());
  }

  private int adminStatus(int number, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + ports.get(3 + number).getPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void a_user_comes_enters_changes_and_goes_and_a_restart_forgets_nothing() throws Exception {
    Node node = open(flags(0));
    assertThat(adminStatus(0, "/admin/nodes")).isEqualTo(200);
    try (Connection nobody = connect(node, null, null)) {
      run(nobody, "CREATE USER alice PASSWORD 'hunter1'", "CREATE USER carol");
      assertThat(one(nobody, "SELECT COUNT(*) FROM system.users WHERE has_password"))
          .isEqualTo("1");
      // Whoever is in stays in.
      assertThat(one(nobody, "VALUES 1")).isEqualTo("1");
    }
    assertRefused(node, null, null);
    assertRefused(node, "carol", "");
    assertRefused(node, "alice", "hunter2");
    assertThat(adminStatus(0, "/admin/nodes")).isEqualTo(401);
    assertThat(adminStatus(0, "/readyz")).isEqualTo(200);
    try (Connection alice = connect(node, "alice", "hunter1")) {
      assertThat(one(alice, "SELECT CURRENT_USER")).isEqualTo("ALICE");
      assertThat(one(alice, "SELECT USER")).isEqualTo("ALICE");
      assertThat(one(alice, "SELECT SESSION_USER FROM (VALUES 1) t(a) GROUP BY a"))
          .isEqualTo("ALICE");
      assertThat(one(alice, "SELECT user_name FROM system.sessions")).isEqualTo("ALICE");
      assertThat(
              one(
                  alice,
                  "SELECT table_name FROM information_schema.tables"
                      + " WHERE table_schema = 'SYSTEM' AND table_name = 'USERS'"))
          .isEqualTo("USERS");
      assertThat(state(alice, "CREATE USER alice PASSWORD 'hunter3'")).isEqualTo("42710");
      assertThat(state(alice, "CREATE USER dave PASWORD 'hunter3'")).isEqualTo("42601");
      assertThat(state(alice, "CREATE USER dave PASSWORD 'hunter\u0007'")).isEqualTo("22023");
      assertThat(state(alice, "DROP USER alice")).isEqualTo("2BP01");
      run(
          alice,
          "ALTER USER alice PASSWORD 'hunter4'",
          "CREATE USER bob PASSWORD 'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
              + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='");
    }
    assertRefused(node, "alice", "hunter1");
    // The verifier of RFC 7677's example.
    connect(node, "bob", "pencil").close();
    node.close();

    Node again = open(flags(0));
    assertRefused(again, null, null);
    assertRefused(again, "alice", "hunter1");
    try (Connection alice = connect(again, "alice", "hunter4")) {
      run(alice, "DROP USER bob", "DROP USER carol");
    }
    assertRefused(again, "bob", "pencil");
  }

  @Test
  void a_follower_hands_a_new_user_on_and_a_new_member_knows_all_of_them() throws Exception {
    Node leader = open(flags(0));
    Node follower = open(flags(1));
    try (Session session = follower.statements().open(new SessionOptions("", Map.of()))) {
      session.execute(statement("CREATE USER alice PASSWORD 'hunter1'"));
      // From here on this node shows what it handed on.
      session.execute(statement("VALUES 1"));
    }
    assertRefused(follower, null, null);
    assertRefused(leader, "alice", "hunter2");
    connect(follower, "alice", "hunter1").close();
    connect(leader, "alice", "hunter1").close();
  }

  @Test
  void privileges_hold_on_every_node_for_reads_writes_and_what_is_handed_on() throws Exception {
    for (int number = 0; number < 3; number++) {
      open(flags(number));
    }
    try (Connection nobody = connect(nodes.get(0), null, null)) {
      run(
          nobody,
          "CREATE TABLE t (a INT PRIMARY KEY, b INT)",
          "INSERT INTO t VALUES (1, 1)",
          "CREATE USER root PASSWORD 'hunter1'",
          "CREATE USER bob PASSWORD 'hunter2'",
          "CREATE ROLE reader");
    }
    for (Node node : nodes) {
      try (Connection root = connect(node, "root", "hunter1");
          Connection bob = connect(node, "bob", "hunter2")) {
        assertThat(one(root, "SELECT b FROM t WHERE a = 1")).isEqualTo("1");
        for (String sql :
            List.of(
                "SELECT b FROM t WHERE a = 1",
                "UPDATE t SET b = 1 WHERE a = 1",
                "CREATE TABLE u (a INT)",
                "CREATE USER eve")) {
          assertThat(state(bob, sql)).as(sql).isEqualTo("42501");
        }
        run(root, "GRANT SELECT ON t TO reader", "GRANT reader TO bob", "GRANT UPDATE ON t TO bob");
        // Twice and once more by the short way, whose plan must be forgotten with the right.
        for (int round = 0; round < 3; round++) {
          awaitAllowed(bob, "SELECT b FROM t WHERE a = 1");
          run(bob, "UPDATE t SET b = 1 WHERE a = 1");
        }
        run(root, "REVOKE reader FROM bob", "REVOKE UPDATE ON t FROM bob");
        awaitDenied(bob, "SELECT b FROM t WHERE a = 1");
        awaitDenied(bob, "UPDATE t SET b = 1 WHERE a = 1");
        bob.setAutoCommit(false);
        assertThat(state(bob, "UPDATE t SET b = 1 WHERE a = 1")).isEqualTo("42501");
        bob.rollback();
      }
    }
  }

  /** What another session has done is seen a moment later. */
  private static void awaitAllowed(Connection connection, String sql) {
    await(sql)
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(
            () -> {
              run(connection, sql);
              return true;
            });
  }

  private static void awaitDenied(Connection connection, String sql) {
    await(sql)
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              try {
                run(connection, sql);
                return false;
              } catch (SQLException e) {
                return "42501".equals(e.getSQLState());
              }
            });
  }

  private static StatementRequest statement(String sql) {
    return new StatementRequest(
        sql, List.of(), WriteIdentity.NONE, 0, 0, 0, Duration.ofSeconds(30));
  }

  @Test
  void the_first_user_comes_with_the_node() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "hunter5\n");
    Map<String, String> flags = flags(0);
    flags.put("security.user", "admin");
    flags.put("security.password_file", password.toString());
    Node node = open(flags);
    assertRefused(node, null, null);
    await("the leader creates the user")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(
            () -> {
              connect(node, "admin", "hunter5").close();
              return true;
            });
    assertRefused(node, "admin", "hunter6");
    node.close();

    // Another password in the file changes nothing: somebody has one.
    Files.writeString(password, "hunter7");
    Node again = open(flags);
    connect(again, "admin", "hunter5").close();
    assertRefused(again, "admin", "hunter7");
  }

  @Test
  void a_node_that_others_reach_does_not_start_while_nobody_has_a_password() throws Exception {
    Map<String, String> flags = flags(0);
    flags.put("network.client_addr", "0.0.0.0:0");
    assertThatThrownBy(() -> open(flags))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "network.client_addr 0.0.0.0:0 reaches beyond this machine, but no user has a password"
                + " yet: listen on 127.0.0.1, or set security.user and security.password_file, or"
                + " allow it with --insecure");
    assertThat(directory.resolve("n1")).doesNotExist();

    Node node = open(flags(0));
    node.close();
    assertThatThrownBy(() -> open(flags)).hasMessageContaining("reaches beyond this machine");

    Node here = open(flags(0));
    try (Connection nobody = connect(here, null, null)) {
      run(nobody, "CREATE USER alice PASSWORD 'hunter1'");
    }
    here.close();
    flags.put("network.client_domain", "127.0.0.1:1");
    open(flags).close();
  }
}
