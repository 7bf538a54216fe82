package io.quorate.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.server.config.ConfigException;
import io.quorate.server.config.HostPort;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quorate status}: the nodes as one of them sees them. */
@Command(
    name = "status",
    description = "Shows the nodes of a cluster: role, status, term, revisions, lag, leader.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class StatusCommand implements Callable<Integer> {
  private static final int NOT_IN_CLUSTER_MODE = 3032;

  private static final List<String> FIELDS =
      List.of(
          "name",
          "role",
          "zone",
          "status",
          "address",
          "term",
          "applied_revision",
          "durable_revision",
          "lag",
          "leader");
  private static final List<String> HEADINGS =
      List.of(
          "NODE", "ROLE", "ZONE", "STATUS", "ADDRESS", "TERM", "APPLIED", "DURABLE", "LAG",
          "LEADER");

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL|H:P",
      defaultValue = "127.0.0.1:8865",
      description = "JDBC URL, or admin address of any node (default: ${DEFAULT-VALUE}).")
  String address = "";

  @Mixin TlsOptions tls = new TlsOptions();
  @Mixin Login login = new Login();

  @Override
  public Integer call() throws InterruptedException {
    List<List<String>> nodes = address.startsWith("jdbc:") ? askByJdbc() : askByHttp();
    if (spec != null) {
      String table = TextTable.format(Stream.concat(Stream.of(HEADINGS), nodes.stream()).toList());
      spec.commandLine().getOut().print(table);
      spec.commandLine().getOut().flush();
    }
    return ExitCode.OK;
  }

  private List<List<String>> askByHttp() throws InterruptedException {
    AdminClient client = new AdminClient(HostPort.parse(address), tls.context(), login.header());
    JsonNode answer = client.get("/admin/nodes");
    if (answer.path("error_code").asInt() == NOT_IN_CLUSTER_MODE) {
      JsonNode current = AdminClient.requireSuccess(client.get("/admin/node/current"));
      return List.of(row(current.path("node")));
    }
    JsonNode nodes = AdminClient.requireSuccess(answer).path("nodes");
    return StreamSupport.stream(nodes.spliterator(), false).map(StatusCommand::row).toList();
  }

  private static List<String> row(JsonNode node) {
    return FIELDS.stream().map(field -> node.path(field).asText()).toList();
  }

  private List<List<String>> askByJdbc() {
    if (tls.given()) {
      throw new ConfigException("with a JDBC URL, ssl, ssl_ca and the like are options of the URL");
    }
    try (Connection connection = DriverManager.getConnection(address, login.properties());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name, role, zone, status, peer_address, term, applied_revision,"
                    + " durable_revision, lag, leader FROM system.nodes ORDER BY name")) {
      List<List<String>> nodes = new ArrayList<>();
      String leader = "";
      while (rows.next()) {
        List<String> node = new ArrayList<>();
        for (int column = 1; column < HEADINGS.size(); column++) {
          node.add(rows.getString(column));
        }
        nodes.add(node);
        leader = rows.getBoolean(HEADINGS.size()) ? node.get(0) : leader;
      }
      for (List<String> node : nodes) {
        node.add(leader);
      }
      return nodes;
    } catch (SQLException e) {
      throw SqlFailures.told(e);
    }
  }
}
