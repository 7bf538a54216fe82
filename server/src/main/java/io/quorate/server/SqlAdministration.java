package io.quorate.server;

import io.quorate.server.admin.AdminService;
import io.quorate.server.admin.MembershipChange;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.admin.RoleRequest;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.session.NodeAdministration;
import io.quorate.server.session.SessionTables;
import io.quorate.server.tx.Control;
import io.quorate.sql.parse.AdminStatement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements ADMIN in front of {@link AdminService}. Thread-safe. */
final class SqlAdministration implements NodeAdministration {
  private final AdminService service;
  private final ClusterCheck check;

  SqlAdministration(AdminService service, ClusterCheck check) {
    this.service = service;
    this.check = check;
  }

  @Override
  public List<@Nullable Object[]> show(AdminStatement.Show show, Control control) {
    String name = Objects.requireNonNullElse(show.name(), "");
    return switch (show.subject()) {
      case CURRENT_NODE -> nodes(List.of(service.current()));
      case NODE -> nodes(List.of(service.node(name)));
      case NODES -> nodes(service.nodes());
      case VARIABLE -> pairs(Map.of(name, service.variable(name)));
      case VARIABLES -> pairs(service.variables());
      case CONFIGS -> pairs(service.configs());
      case REPLICAS ->
          check.run(control.deadline()).stream()
              .<@Nullable Object[]>map(SqlAdministration::replica)
              .toList();
    };
  }

  private static @Nullable Object[] replica(ClusterCheck.Row row) {
    return new @Nullable Object[] {
      row.name(),
      row.revision(),
      row.hash() == null ? null : row.hash().toString(),
      row.word(),
      row.detail()
    };
  }

  private static List<@Nullable Object[]> nodes(List<NodeRecord> nodes) {
    return nodes.stream().<@Nullable Object[]>map(SqlAdministration::node).toList();
  }

  private static @Nullable Object[] node(NodeRecord node) {
    return new @Nullable Object[] {
      node.name(),
      node.role().toString(),
      node.status().toString(),
      node.address(),
      SessionTables.timestamp(node.lastUpdate()),
      node.heartbeat(),
      node.term(),
      node.appliedRevision(),
      node.durableRevision(),
      node.lag(),
      node.leader(),
      node.memberId(),
      node.zone()
    };
  }

  private static List<@Nullable Object[]> pairs(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .<@Nullable Object[]>map(pair -> new @Nullable Object[] {pair.getKey(), pair.getValue()})
        .toList();
  }

  @Override
  public void change(AdminStatement change, Control control) {
    if (change instanceof AdminStatement.SetRole set) {
      RoleRequest request =
          new RoleRequest(
              NodeRecord.Role.valueOf(set.role().name()),
              Optional.ofNullable(set.name()),
              Optional.ofNullable(set.leader()));
      service.become(request, control.deadline(), control.cancel());
      return;
    }
    service.change(changeOf(change), control.deadline(), control.cancel());
  }

  private static IdentityConfig.Role roleOf(AdminStatement.Role role) {
    return switch (role) {
      case LEARNER -> IdentityConfig.Role.LEARNER;
      case WITNESS -> IdentityConfig.Role.WITNESS;
      case FOLLOWER, LEADER, ADMIN, STANDALONE -> IdentityConfig.Role.VOTER;
    };
  }

  private static MembershipChange changeOf(AdminStatement statement) {
    if (statement instanceof AdminStatement.AddNode add) {
      return new MembershipChange.Add(add.node(), add.address(), roleOf(add.role()));
    } else if (statement instanceof AdminStatement.RemoveNode remove) {
      return new MembershipChange.Remove(remove.node());
    } else if (statement instanceof AdminStatement.PromoteNode promote) {
      return new MembershipChange.Promote(promote.node(), promote.whenReady());
    } else if (statement instanceof AdminStatement.TransferLeader transfer) {
      return new MembershipChange.Transfer(transfer.node());
    } else if (statement instanceof AdminStatement.SetCluster set) {
      return AdminService.setting(set.name(), set.value());
    }
    throw new IllegalArgumentException("changes nothing: " + statement);
  }
}
