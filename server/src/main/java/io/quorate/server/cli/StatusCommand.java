package io.quorate.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.server.config.HostPort;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
          "status",
          "address",
          "term",
          "applied_revision",
          "durable_revision",
          "lag",
          "leader");
  private static final List<String> HEADINGS =
      List.of("NODE", "ROLE", "STATUS", "ADDRESS", "TERM", "APPLIED", "DURABLE", "LAG", "LEADER");

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "H:P",
      defaultValue = "127.0.0.1:8865",
      description = "Admin address of any node (default: ${DEFAULT-VALUE}).")
  String address = "";

  @Override
  public Integer call() throws InterruptedException {
    AdminClient client = new AdminClient(HostPort.parse(address));
    JsonNode answer = client.get("/admin/nodes");
    List<JsonNode> nodes;
    if (answer.path("error_code").asInt() == NOT_IN_CLUSTER_MODE) {
      nodes = List.of(AdminClient.requireSuccess(client.get("/admin/node/current")).path("node"));
    } else {
      JsonNode list = AdminClient.requireSuccess(answer).path("nodes");
      nodes = StreamSupport.stream(list.spliterator(), false).toList();
    }
    if (spec != null) {
      spec.commandLine().getOut().print(table(nodes));
      spec.commandLine().getOut().flush();
    }
    return ExitCode.OK;
  }

  private static String table(List<JsonNode> nodes) {
    Stream<List<String>> rows =
        nodes.stream()
            .map(node -> FIELDS.stream().map(field -> node.path(field).asText()).toList());
    return TextTable.format(Stream.concat(Stream.of(HEADINGS), rows).toList());
  }
}
