package io.quorate.server;

import static java.util.Objects.requireNonNull;

import io.quorate.driver.QuorateDriver;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.avatica.remote.Driver;

/** A cluster of one node in this JVM, for tests of what clients of it see. */
final class OneNode {
  private OneNode() {}

  /** The drivers, each with tables of its own. */
  enum Client {
    AVATICA_PROTOBUF,
    AVATICA_JSON,
    NATIVE;

    Connection connect(Node node) throws SQLException {
      String avatica = "jdbc:avatica:remote:url=http://" + node.clientAddress();
      return requireNonNull(
          switch (this) {
            case AVATICA_PROTOBUF ->
                new Driver().connect(avatica + ";serialization=protobuf", new Properties());
            case AVATICA_JSON ->
                new Driver().connect(avatica + ";serialization=json", new Properties());
            case NATIVE ->
                new QuorateDriver()
                    .connect("jdbc:quorate://" + node.clientAddress() + "/", new Properties());
          });
    }

    String table(String name) {
      return name + "_" + name();
    }
  }

  /** Opens one on ports that are free; the caller closes it. */
  static Node open(Path directory) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n1");
    flags.put("node.data", directory.resolve("n1").toString());
    flags.put("node.mode", "cluster");
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:0");
    flags.put("network.peer_addr", "127.0.0.1:" + LoopbackPorts.find(1).get(0).getPort());
    flags.put("log.segment_bytes", "16MiB");
    flags.put("cluster.bootstrap", "true");
    Node node =
        new Node(ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config());
    node.open();
    return node;
  }
}
