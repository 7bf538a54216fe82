package io.quorate.driver;

import static io.quorate.driver.wire.SavepointCall.Step.RELEASE;
import static io.quorate.driver.wire.SavepointCall.Step.ROLLBACK_TO;
import static io.quorate.driver.wire.SavepointCall.Step.SET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.driver.route.FakeCluster;
import io.quorate.driver.route.FakeNode;
import io.quorate.driver.wire.BatchResult;
import io.quorate.driver.wire.CloseCursor;
import io.quorate.driver.wire.Commit;
import io.quorate.driver.wire.Describe;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.ExecuteBatch;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Fetch;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.driver.wire.MetadataCall;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.RowBlock;
import io.quorate.driver.wire.RowSet;
import io.quorate.driver.wire.Rows;
import io.quorate.driver.wire.SavepointCall;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireType;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JdbcTest {
  private static final Signature NUMBERS =
      new Signature(List.of(WireColumn.computed("N", WireType.INTEGER)));

  private final FakeCluster cluster = FakeCluster.of(1);
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = cluster.connect();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    cluster.close();
  }

  private FakeNode node() {
    return cluster.leader();
  }

  private Result numbers(int first, int count, long cursor) {
    RowBlock block = FakeNode.numbers(NUMBERS, first, count);
    return Result.rows(NUMBERS, 0, block, cursor, SessionState.NOTHING);
  }

  @Test
  void autocommit_off_travels_with_a_statement_that_was_prepared_before() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      insert.setInt(1, 1);
      connection.setAutoCommit(false);
      insert.executeUpdate();
      insert.addBatch();
      insert.executeBatch();
      connection.setAutoCommit(true);
      insert.executeUpdate();
    }
    List<Execute> executes = node().requests(Execute.class);
    assertThat(executes.get(0).settings()).containsEntry("autocommit", "false");
    assertThat(node().requests(ExecuteBatch.class).get(0).settings()).isEmpty();
    assertThat(node().requests(Commit.class)).hasSize(1);
    assertThat(executes.get(1).settings()).containsEntry("autocommit", "true");
  }

  @Test
  void a_batch_that_begins_a_transaction_carries_the_setting() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      connection.setAutoCommit(false);
      insert.setInt(1, 1);
      insert.addBatch();
      insert.executeBatch();
      connection.rollback();
    }
    assertThat(node().requests(ExecuteBatch.class).get(0).settings())
        .containsEntry("autocommit", "false");
    assertThat(node().requestTypes())
        .containsExactly(FrameType.DESCRIBE, FrameType.EXECUTE_BATCH, FrameType.ROLLBACK);
  }

  @Test
  void settings_of_jdbc_travel_with_the_next_statement() throws SQLException {
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    connection.setSchema("S");
    assertThat(connection.isReadOnly()).isTrue();
    assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
    assertThat(connection.getSchema()).isEqualTo("S");
    assertThat(node().requestTypes()).isEmpty();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      statement.execute("SELECT 1");
    }
    List<Execute> executes = node().requests(Execute.class);
    assertThat(executes.get(0).settings())
        .containsOnly(
            Map.entry("read_only", "true"),
            Map.entry("isolation", "SERIALIZABLE"),
            Map.entry("schema", "S"));
    assertThat(executes.get(1).settings()).isEmpty();
  }

  @Test
  void a_set_that_the_server_does_not_tell_of_goes_to_other_nodes_too() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET read_level = 'LOCAL'");
      node().forgetRequests();
      node().once(FrameType.EXECUTE, FakeNode.HANG_UP);
      statement.execute("SELECT 1");
    }
    assertThat(node().settingsOfPeers())
        .anySatisfy(s -> assertThat(s).containsEntry("read_level", "LOCAL"));
  }

  @Test
  void settings_that_sql_made_are_seen_by_jdbc() throws SQLException {
    node()
        .once(
            FrameType.EXECUTE,
            Result.updated(
                0, new SessionState(1, false, Freshness.UNKNOWN, null, Map.of("schema", "OTHER"))));
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SCHEMA other");
    }
    assertThat(connection.getSchema()).isEqualTo("OTHER");
  }

  @Test
  void a_statement_is_described_once_and_its_columns_travel_once() throws SQLException {
    for (int i = 0; i < 3; i++) {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT node FROM t WHERE a = ?")) {
        assertThat(select.getParameterMetaData().getParameterCount()).isEqualTo(1);
        assertThat(select.getMetaData().getColumnLabel(1)).isEqualTo("NODE");
        select.setString(1, "x");
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString("node")).isEqualTo("n1");
          assertThat(rows.next()).isFalse();
        }
      }
    }
    assertThat(node().requests(Describe.class)).hasSize(1);
    assertThat(node().requests(Execute.class))
        .extracting(Execute::knownSignature)
        .containsOnly(FakeNode.NAME.hash());
  }

  @Test
  void columns_of_a_plain_statement_travel_once_too() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT 1").close();
      statement.executeQuery("SELECT 1").close();
    }
    assertThat(node().requests(Execute.class))
        .extracting(Execute::knownSignature)
        .containsExactly(0L, FakeNode.NAME.hash());
  }

  @Test
  void rows_are_fetched_as_they_are_read() throws SQLException {
    node().once(FrameType.EXECUTE, numbers(0, 10, 5));
    node()
        .once(
            FrameType.FETCH, new Rows(5, SessionState.NOTHING, FakeNode.numbers(NUMBERS, 10, 10)));
    node()
        .once(FrameType.FETCH, new Rows(0, SessionState.NOTHING, FakeNode.numbers(NUMBERS, 20, 3)));
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(10);
      statement.setMaxRows(50);
      ResultSet rows = statement.executeQuery("SELECT n FROM numbers");
      int expected = 0;
      while (rows.next()) {
        assertThat(rows.getInt(1)).isEqualTo(expected++);
        assertThat(rows.getRow()).isEqualTo(expected);
      }
      assertThat(expected).isEqualTo(23);
    }
    Execute execute = node().requests(Execute.class).get(0);
    assertThat(execute.firstRows()).isEqualTo(10);
    assertThat(execute.rowsMax()).isEqualTo(50);
    assertThat(node().requests(Fetch.class)).extracting(Fetch::rowsMax).containsOnly(10);
    assertThat(node().requests(CloseCursor.class)).isEmpty();
  }

  @Test
  void a_cursor_that_is_left_is_closed_with_the_next_request() throws SQLException {
    node().once(FrameType.EXECUTE, numbers(0, 2, 7));
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT n FROM numbers").close();
      statement.execute("SELECT 1");
    }
    assertThat(node().requestTypes())
        .containsExactly(FrameType.EXECUTE, FrameType.CLOSE_CURSOR, FrameType.EXECUTE);
    assertThat(node().requests(CloseCursor.class)).extracting(CloseCursor::cursor).containsOnly(7L);
  }

  @Test
  void rows_that_are_lost_with_their_node_are_told() throws SQLException {
    node().once(FrameType.EXECUTE, numbers(0, 1, 7));
    node().once(FrameType.FETCH, FakeNode.HANG_UP);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n FROM numbers")) {
      rows.next();
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(rows::next)
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("08000"));
      assertThat(statement.executeUpdate("INSERT")).isEqualTo(1);
    }
  }

  @Test
  void a_batch_is_one_request() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      for (int i = 0; i < 100; i++) {
        insert.setInt(1, i);
        insert.setString(2, "v" + i);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(100).containsOnly(1);
      assertThat(insert.executeBatch()).isEmpty();
    }
    List<ExecuteBatch> batches = node().requests(ExecuteBatch.class);
    assertThat(batches).hasSize(1);
    assertThat(batches.get(0).stamp().present()).isTrue();
    assertThat(batches.get(0).parameters().get(99)).containsExactly(99, "v99");
  }

  @Test
  void a_batch_that_fails_tells_its_counts() throws SQLException {
    node()
        .once(
            FrameType.EXECUTE_BATCH,
            new Failure(
                "23505",
                ErrorCode.UNIQUE_VIOLATION.number(),
                "twice",
                ErrorCode.RetryAdvice.NEVER,
                "",
                new long[] {1, 2},
                SessionState.NOTHING));
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      insert.setInt(1, 1);
      insert.addBatch();
      assertThatExceptionOfType(BatchUpdateException.class)
          .isThrownBy(insert::executeBatch)
          .satisfies(
              e -> {
                assertThat(e.getUpdateCounts()).containsExactly(1, 2);
                assertThat(e.getSQLState()).isEqualTo("23505");
                assertThat(e.getErrorCode()).isEqualTo(ErrorCode.UNIQUE_VIOLATION.number());
                assertThat((Throwable) e.getNextException())
                    .isInstanceOf(java.sql.SQLIntegrityConstraintViolationException.class);
              });
    }
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("INSERT 1");
      statement.addBatch("INSERT 2");
      assertThat(statement.executeBatch()).containsExactly(1, 1);
      statement.addBatch("INSERT 3");
      statement.addBatch("SELECT 1");
      assertThatExceptionOfType(BatchUpdateException.class)
          .isThrownBy(statement::executeBatch)
          .satisfies(e -> assertThat(e.getUpdateCounts()).containsExactly(1));
    }
  }

  @Test
  void a_parameter_without_a_value_is_told_before_anything_is_sent() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      insert.setInt(2, 1);
      assertThatExceptionOfType(SQLDataException.class)
          .isThrownBy(insert::executeUpdate)
          .withMessage("parameter 1 has no value");
      assertThatExceptionOfType(SQLDataException.class).isThrownBy(() -> insert.setInt(3, 1));
    }
    assertThat(node().requests(Execute.class)).isEmpty();
  }

  @Test
  void a_request_above_the_bound_is_told_and_the_connection_goes_on() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      insert.setBytes(1, new byte[17 << 20]);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(insert::executeUpdate)
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("54000"));
      insert.setBytes(1, new byte[1]);
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void errors_come_in_the_subclass_of_their_state() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      node().once(FrameType.EXECUTE, FakeNode.failure(ErrorCode.SYNTAX_ERROR, "no"));
      assertThatExceptionOfType(SQLSyntaxErrorException.class)
          .isThrownBy(() -> statement.execute("SELEC"));
      node().once(FrameType.EXECUTE, FakeNode.failure(ErrorCode.CANCELLED, "no"));
      assertThatExceptionOfType(SQLTimeoutException.class)
          .isThrownBy(() -> statement.execute("SELECT 1"));
      node().once(FrameType.EXECUTE, FakeNode.failure(ErrorCode.NOT_SUPPORTED, "no"));
      assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
          .isThrownBy(() -> statement.execute("SELECT 1"));
      statement.close();
      assertThatExceptionOfType(SQLNonTransientConnectionException.class)
          .isThrownBy(() -> statement.execute("SELECT 1"));
    }
    node().once(FrameType.DESCRIBE, FakeNode.failure(ErrorCode.TABLE_NOT_FOUND, "no table"));
    assertThatExceptionOfType(SQLSyntaxErrorException.class)
        .isThrownBy(() -> connection.prepareStatement("SELECT x"))
        .withMessage("no table");
  }

  @Test
  void cancel_reaches_the_server_from_another_thread() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    node()
        .always(
            (peer, request) -> {
              if (request instanceof Execute) {
                running.countDown();
                cancelled.await();
                return FakeNode.failure(ErrorCode.CANCELLED, "cancelled");
              }
              if (request.type() == FrameType.CANCEL) {
                cancelled.countDown();
              }
              return null;
            });
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Statement statement = connection.createStatement();
        Statement other = connection.createStatement()) {
      Future<?> execution = thread.submit(() -> statement.execute("SELECT long"));
      running.await();
      other.cancel();
      assertThat(node().cancelled()).isEmpty();
      statement.cancel();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(execution::get)
          .withCauseInstanceOf(SQLTimeoutException.class);
    } finally {
      thread.shutdown();
    }
    assertThat(node().cancelled()).hasSize(1);
  }

  @Test
  void a_server_that_does_not_keep_the_timeout_is_not_waited_for() throws SQLException {
    CountDownLatch never = new CountDownLatch(1);
    node()
        .always(
            (peer, request) -> {
              if (request instanceof Execute) {
                never.await();
              }
              return null;
            });
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatExceptionOfType(SQLTimeoutException.class)
          .isThrownBy(() -> statement.execute("SELECT 1"))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("57014"));
    }
    never.countDown();
    assertThat(node().requests(Execute.class).get(0).timeoutMillis()).isBetween(1L, 1000L);
  }

  @Test
  void validity_is_asked_of_the_server() throws SQLException {
    assertThat(connection.isValid(1)).isTrue();
    assertThat(node().requestTypes()).containsExactly(FrameType.PING);
    node().close();
    assertThat(connection.isValid(1)).isFalse();
    connection.close();
    assertThat(connection.isValid(1)).isFalse();
  }

  @Test
  void a_closed_connection_says_so_and_closes_its_statements() throws SQLException {
    Statement statement = connection.createStatement();
    connection.close();
    assertThat(connection.isClosed()).isTrue();
    assertThat(statement.isClosed()).isTrue();
    assertThatExceptionOfType(SQLNonTransientConnectionException.class)
        .isThrownBy(connection::createStatement)
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("08003"));
    connection.close();
  }

  @Test
  void a_statement_may_close_with_its_result() throws SQLException {
    Statement statement = connection.createStatement();
    statement.closeOnCompletion();
    statement.executeQuery("SELECT 1");
    ResultSet rows = statement.executeQuery("SELECT 1");
    assertThat(statement.isClosed()).isFalse();
    rows.close();
    assertThat(statement.isClosed()).isTrue();
  }

  @Test
  void commit_and_rollback_are_for_connections_without_autocommit() throws SQLException {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(connection::commit)
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25000"));
    connection.setAutoCommit(false);
    connection.commit();
    connection.rollback();
    assertThat(node().requestTypes()).isEmpty();
  }

  @Test
  void keys_come_with_the_answer_as_they_are_asked_for() throws SQLException {
    SessionState state = SessionState.NOTHING;
    RowSet keys = RowSet.of(NUMBERS, 0, FakeNode.numbers(NUMBERS, 7, 2), 0);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t VALUES (?)", new String[] {"n"})) {
      insert.setInt(1, 1);
      node().once(FrameType.EXECUTE, Result.updated(2, keys, state));
      assertThat(insert.executeUpdate()).isEqualTo(2);
      assertThat(numbers(insert.getGeneratedKeys())).containsExactly(7, 8);
      insert.addBatch();
      node().once(FrameType.EXECUTE_BATCH, new BatchResult(new long[] {2}, keys, state));
      insert.executeBatch();
      assertThat(numbers(insert.getGeneratedKeys())).containsExactly(7, 8);
      insert.executeUpdate();
      assertThat(numbers(insert.getGeneratedKeys())).isEmpty();
    }
    assertThat(node().requests(Execute.class).get(0).keys().names()).containsExactly("n");
    assertThat(node().requests(ExecuteBatch.class).get(0).keys().names()).containsExactly("n");
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO t VALUES (1)", Statement.RETURN_GENERATED_KEYS);
      statement.executeUpdate("INSERT INTO t VALUES (1)", new int[] {3});
      statement.execute("INSERT INTO t VALUES (1)", Statement.NO_GENERATED_KEYS);
      assertState("22023", () -> statement.execute("INSERT INTO t VALUES (1)", 5));
    }
    assertThat(node().requests(Execute.class))
        .extracting(execute -> execute.keys().kind())
        .endsWith(KeysAsked.Kind.PRIMARY_KEY, KeysAsked.Kind.BY_NUMBER, KeysAsked.Kind.NONE);
  }

  @Test
  void keys_beyond_the_first_block_are_fetched_with_them() throws SQLException {
    RowSet keys = RowSet.of(NUMBERS, 0, FakeNode.numbers(NUMBERS, 0, 2), 5);
    try (Statement insert = connection.createStatement()) {
      node().once(FrameType.EXECUTE, Result.updated(3, keys, SessionState.NOTHING));
      node()
          .once(
              FrameType.FETCH, new Rows(0, SessionState.NOTHING, FakeNode.numbers(NUMBERS, 2, 1)));
      insert.executeUpdate("INSERT INTO t SELECT n FROM s", new int[] {1});
      assertThat(numbers(insert.getGeneratedKeys())).containsExactly(0, 1, 2);
    }
  }

  @Test
  void keys_that_nobody_remembers_are_told_as_such() throws SQLException {
    try (Statement insert = connection.createStatement()) {
      node().once(FrameType.EXECUTE, Result.updatedWithoutKeys(1, SessionState.NOTHING));
      assertThat(insert.executeUpdate("INSERT INTO t VALUES (1)", new int[] {1})).isEqualTo(1);
      assertState("55000", insert::getGeneratedKeys);
    }
  }

  private static List<Integer> numbers(ResultSet rows) throws SQLException {
    List<Integer> numbers = new ArrayList<>();
    while (rows.next()) {
      numbers.add(rows.getInt(1));
    }
    rows.close();
    return numbers;
  }

  @Test
  void savepoints_go_to_the_server_with_the_settings_that_they_need() throws SQLException {
    assertState("25000", connection::setSavepoint);
    connection.setAutoCommit(false);
    Savepoint unnamed = connection.setSavepoint();
    Savepoint named = connection.setSavepoint("Name");
    assertThat(unnamed.getSavepointId()).isPositive();
    assertThat(named.getSavepointName()).isEqualTo("Name");
    assertState("22023", unnamed::getSavepointName);
    assertState("22023", named::getSavepointId);
    connection.rollback(named);
    connection.releaseSavepoint(unnamed);
    assertState("3B001", () -> connection.rollback(named));
    connection.rollback();
    List<SavepointCall> calls = node().requests(SavepointCall.class);
    assertThat(calls)
        .extracting(SavepointCall::step)
        .containsExactly(SET, SET, ROLLBACK_TO, RELEASE);
    assertThat(calls.get(0).settings()).containsEntry("autocommit", "false");
    assertThat(calls.get(1).settings()).isEmpty();
    assertThat(calls.get(1).name()).isEqualTo("Name");
    assertThat(calls.get(3).name()).isEqualTo(calls.get(0).name());
    assertThat(node().requestTypes()).last().isEqualTo(FrameType.ROLLBACK);
  }

  @Test
  void a_savepoint_stands_for_itself_and_not_for_another_of_its_name() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint first = connection.setSavepoint("s");
    Savepoint second = connection.setSavepoint("s");
    assertState("3B001", () -> connection.rollback(first));
    connection.releaseSavepoint(second);
    connection.rollback(first);
    connection.commit();
    Savepoint later = connection.setSavepoint("s");
    assertState("3B001", () -> connection.rollback(first));
    connection.rollback(later);
    assertThat(node().requests(SavepointCall.class)).hasSize(6);
  }

  private interface Action {
    void run() throws SQLException;
  }

  private static void assertState(String state, Action action) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(action::run)
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  @Test
  void a_transaction_whose_first_statement_failed_is_rolled_back_on_the_server()
      throws SQLException {
    connection.setAutoCommit(false);
    node().once(FrameType.EXECUTE, FakeNode.failure(ErrorCode.UNIQUE_VIOLATION, "twice"));
    try (Statement statement = connection.createStatement()) {
      assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("INSERT"));
    }
    connection.rollback();
    assertThat(node().requestTypes()).containsExactly(FrameType.EXECUTE, FrameType.ROLLBACK);
  }

  @Test
  void metadata_is_asked_of_the_server() throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    assertThat(metadata.getDatabaseProductName()).isEqualTo("Quorate");
    assertThat(metadata.getDatabaseProductVersion()).isEqualTo("9.8.7");
    assertThat(metadata.getDatabaseMajorVersion()).isEqualTo(9);
    assertThat(metadata.getDriverName()).contains("Quorate");
    assertThat(metadata.getDriverVersion()).matches("[0-9]+[.][0-9]+.*");
    assertThat(metadata.supportsTransactions()).isTrue();
    assertThat(metadata.getURL()).isEqualTo(cluster.url());
    try (ResultSet rows = metadata.getTables(null, "PUBLIC", "%", new String[] {"TABLE", "VIEW"})) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString("NODE")).isEqualTo("n1");
    }
    metadata.getPrimaryKeys(null, "PUBLIC", "T").close();
    metadata.getIndexInfo(null, null, "T", true, false).close();
    try (ResultSet rows = metadata.getProcedures(null, null, null)) {
      assertThat(rows.next()).isFalse();
    }
    List<MetadataCall> calls = node().requests(MetadataCall.class);
    assertThat(calls)
        .extracting(MetadataCall::number)
        .containsExactly(
            MetadataCall.Call.TABLES.number(),
            MetadataCall.Call.PRIMARY_KEYS.number(),
            MetadataCall.Call.INDEX_INFO.number());
    assertThat(calls.get(0).arguments()).containsExactly(null, "PUBLIC", "%", "TABLE,VIEW");
    assertThat(calls.get(2).arguments()).containsExactly(null, null, "T", "true", "false");
  }

  @Test
  void an_update_is_no_query_and_a_query_no_update() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> statement.executeQuery("INSERT"))
          .withMessage("the statement returns no rows");
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> statement.executeUpdate("SELECT 1"))
          .withMessage("the statement returns rows");
      assertThat(statement.execute("INSERT")).isFalse();
      assertThat(statement.getUpdateCount()).isEqualTo(1);
      assertThat(statement.getMoreResults()).isFalse();
      assertThat(statement.getUpdateCount()).isEqualTo(-1);
      assertThat(statement.execute("SELECT 1")).isTrue();
      assertThat(statement.getResultSet()).isNotNull();
    }
  }

  @Test
  void a_data_source_gives_connections() throws SQLException {
    QuorateDataSource source = new QuorateDataSource();
    source.setHosts(node().address());
    source.setSchema("S");
    source.setUser("u");
    source.setProperty("fetch_size", "7");
    try (Connection own = source.getConnection();
        Statement statement = own.createStatement()) {
      assertThat(own.getSchema()).isEqualTo("S");
      assertThat(own.getMetaData().getUserName()).isEqualTo("u");
      statement.execute("SELECT 1");
    }
    assertThat(node().requests(Execute.class).get(0).firstRows()).isEqualTo(7);
  }

  @Test
  void large_counts_are_kept() throws SQLException {
    node()
        .once(
            FrameType.EXECUTE_BATCH,
            new BatchResult(new long[] {5_000_000_000L}, SessionState.NOTHING));
    try (PreparedStatement update = connection.prepareStatement("UPDATE t SET a = ?")) {
      update.setInt(1, 1);
      update.addBatch();
      assertThat(update.executeLargeBatch()).containsExactly(5_000_000_000L);
    }
    node().once(FrameType.EXECUTE, Result.updated(6_000_000_000L, SessionState.NOTHING));
    try (Statement statement = connection.createStatement()) {
      assertThat(statement.executeLargeUpdate("UPDATE")).isEqualTo(6_000_000_000L);
      assertThat(statement.getUpdateCount()).isEqualTo(Integer.MAX_VALUE);
    }
  }

  @Test
  void the_driver_is_found_by_its_url() throws SQLException {
    assertThat(DriverManager.getDriver("jdbc:quorate://h/")).isInstanceOf(QuorateDriver.class);
    assertThat(new QuorateDriver().connect("jdbc:other:x", null)).isNull();
  }
}
