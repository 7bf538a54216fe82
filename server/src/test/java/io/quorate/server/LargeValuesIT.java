package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.QuorateDriver;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import org.apache.calcite.avatica.remote.Driver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large values of three nodes in one JVM, by JDBC: at the leader and through the others. */
@Timeout(240)
final class LargeValuesIT {
  private static final int NODES = 3;
  private static final int SEVERAL_MIB = (5 << 20) + 12_345;

  /** The share of each node: they are in one JVM of 1 GiB, with the client and its copies. */
  private static final long HEAP = 192L << 20;

  @TempDir static Path directory;
  private static final List<Node> nodes = new ArrayList<>();
  private final Random random = new Random(7);

  @BeforeAll
  static void start() {
    var peers = LoopbackPorts.find(NODES);
    for (int i = 0; i < NODES; i++) {
      Map<String, String> flags = new LinkedHashMap<>();
      flags.put("node.id", "n" + (i + 1));
      flags.put("node.data", directory.resolve("n" + (i + 1)).toString());
      flags.put("node.mode", "cluster");
      flags.put("network.client_addr", "127.0.0.1:0");
      flags.put("network.admin_addr", "127.0.0.1:0");
      flags.put("network.peer_addr", "127.0.0.1:" + peers.get(i).getPort());
      flags.put("log.segment_bytes", "16MiB");
      // Three share the heap of one JVM, of which each would take an eighth twice over.
      flags.put("store.checkpoint_bytes", "4MiB");
      flags.put("store.unsaved_bytes_max", "32MiB");
      flags.put(
          i == 0 ? "cluster.bootstrap" : "cluster.join",
          i == 0 ? "true" : "127.0.0.1:" + peers.get(0).getPort());
      Node node =
          new Node(ConfigReader.read(new ConfigSources(flags, Map.of(), null, HEAP)).config());
      nodes.add(node);
      node.open();
    }
  }

  @AfterAll
  static void stop() {
    nodes.forEach(Node::close);
  }

  @BeforeEach
  void make() throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS files");
      statement.execute("CREATE TABLE files (id INT PRIMARY KEY, b BLOB, c CLOB)");
    }
  }

  private static Connection connect(String options) throws SQLException {
    return connect(0, options);
  }

  private static Connection connect(int node, String options) throws SQLException {
    String url = "jdbc:quorate://" + nodes.get(node).clientAddress() + "/" + options;
    return Objects.requireNonNull(new QuorateDriver().connect(url, new Properties()));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String text(int count) {
    return "grün €😀".repeat(count / 7 + 1).substring(0, count);
  }

  private static void put(Connection connection, int id, byte[] value) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO files (id, b) VALUES (?, ?)")) {
      insert.setInt(1, id);
      insert.setBinaryStream(2, new ByteArrayInputStream(value));
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }

  private static byte[] read(Connection connection, int id) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT b FROM files WHERE id = " + id)) {
      assertThat(rows.next()).isTrue();
      try (InputStream stream = rows.getBinaryStream(1)) {
        return stream.readAllBytes();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 10, 8192, 8193, 65_536, 524_287, 524_288, 524_289, 1_048_576, SEVERAL_MIB})
  void bytes_come_back_on_each_node(int length) throws SQLException, IOException {
    byte[] value = bytes(length);
    String token;
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      put(connection, 1, value);
      ResultSet rows = statement.executeQuery("VALUES LAST_COMMIT_TOKEN()");
      rows.next();
      token = rows.getString(1);
    }
    for (int node = 0; node < NODES; node++) {
      try (Connection connection = connect(node, "?target=contact")) {
        connection.setClientInfo("read_after", token);
        assertThat(read(connection, 1)).isEqualTo(value);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 9_000, 524_288, 524_289, 2_000_001})
  void characters_come_back(int length) throws SQLException, IOException {
    String value = text(length);
    try (Connection connection = connect("");
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO files (id, c) VALUES (1, ?)")) {
      insert.setCharacterStream(1, new StringReader(value));
      insert.executeUpdate();
      try (ResultSet rows = connection.createStatement().executeQuery("SELECT c FROM files")) {
        rows.next();
        assertThat(rows.getString(1)).isEqualTo(value);
        Clob clob = rows.getClob(1);
        assertThat(clob.length()).isEqualTo(length);
        StringWriter read = new StringWriter();
        try (Reader reader = rows.getCharacterStream(1)) {
          reader.transferTo(read);
        }
        assertThat(read.toString()).isEqualTo(value);
        int from = length / 2;
        assertThat(clob.getSubString(from + 1, 100))
            .isEqualTo(value.substring(from, Math.min(length, from + 100)));
      }
    }
  }

  @Test
  void a_blob_is_read_where_it_is_asked_for_and_as_it_was() throws SQLException, IOException {
    byte[] value = bytes(SEVERAL_MIB);
    try (Connection connection = connect("");
        Connection other = connect("");
        Statement statement = connection.createStatement()) {
      put(connection, 1, value);
      try (ResultSet rows = statement.executeQuery("SELECT b, OCTET_LENGTH(b) FROM files")) {
        rows.next();
        assertThat(rows.getLong(2)).isEqualTo(value.length);
        Blob blob = (Blob) rows.getObject(1);
        assertThat(rows.next()).isFalse();
        other.createStatement().execute("DELETE FROM files");
        assertThat(blob.length()).isEqualTo(value.length);
        assertThat(blob.getBytes(4_000_001, 3))
            .containsExactly(value[4_000_000], value[4_000_001], value[4_000_002]);
        byte[] pattern = java.util.Arrays.copyOfRange(value, 3_000_000, 3_000_040);
        assertThat(blob.position(pattern, 1)).isEqualTo(3_000_001);
        assertThat(blob.getBinaryStream().readAllBytes()).isEqualTo(value);
        rows.close();
        assertThatThrownBy(() -> blob.getBytes(1, 1))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
      }
    }
  }

  @Test
  void a_transaction_sees_its_own_values_and_rolls_them_back() throws SQLException, IOException {
    byte[] value = bytes(SEVERAL_MIB);
    byte[] small = bytes(100_000);
    for (String options : List.of("", "?target=contact&write_routing=forward")) {
      for (int node = 0; node < NODES; node++) {
        try (Connection connection = connect(node, node == 0 ? "" : options)) {
          connection.setAutoCommit(false);
          put(connection, 1, value);
          put(connection, 2, small);
          assertThat(read(connection, 1)).isEqualTo(value);
          assertThat(read(connection, 2)).isEqualTo(small);
          connection.rollback();
          put(connection, 1, value);
          connection.commit();
          assertThat(read(connection, 1)).isEqualTo(value);
          connection.createStatement().execute("DELETE FROM files");
          connection.commit();
        }
      }
    }
  }

  @Test
  void over_http_a_value_is_sent_whole_or_refused() throws SQLException {
    byte[] value = bytes(1_000_000);
    String url = "jdbc:avatica:remote:url=http://" + nodes.get(0).clientAddress();
    try (Connection connection =
            Objects.requireNonNull(
                new Driver().connect(url + ";serialization=protobuf", new Properties()));
        Connection own = connect("")) {
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO files VALUES (?, ?, ?)")) {
        insert.setInt(1, 1);
        insert.setBytes(2, value);
        insert.setString(3, text(20_000));
        insert.executeUpdate();
      }
      try (ResultSet rows = connection.createStatement().executeQuery("SELECT b, c FROM files")) {
        rows.next();
        assertThat(rows.getBytes(1)).isEqualTo(value);
        assertThat(rows.getString(2)).isEqualTo(text(20_000));
      }
      put(own, 2, bytes(SEVERAL_MIB));
      assertThatThrownBy(
              () -> connection.createStatement().executeQuery("SELECT b FROM files WHERE id = 2"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("54000"));
    }
  }
}
