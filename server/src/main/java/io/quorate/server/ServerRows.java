package io.quorate.server;

import io.quorate.server.admin.NodeRecord.Role;
import io.quorate.server.lang.ServerRow;
import io.quorate.server.session.ClusterFacts.Fact;
import io.quorate.server.tx.ServerEntry;
import io.quorate.server.tx.ServerRegister;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What SHOW SERVERS and GET /servers show. Pure. */
final class ServerRows {
  /** Of a port that is still to be chosen, by a node that is only just beginning. */
  private static final String NO_PORT = ":0";

  private ServerRows() {}

  /** The members as this node hears of them, without ids: who leads first, then by name. */
  static List<ServerEntry> members(List<Fact> facts) {
    return facts.stream()
        .sorted(Comparator.comparing(Fact::leader).reversed().thenComparing(Fact::name))
        .map(ServerRows::member)
        .toList();
  }

  private static ServerEntry member(Fact fact) {
    boolean begun = !fact.clientAddress().endsWith(NO_PORT);
    return new ServerEntry(
        0,
        fact.memberId(),
        services(fact.role()),
        begun ? fact.clientAddress() : "",
        fact.adminAddress(),
        fact.peerAddress());
  }

  private static int services(String role) {
    if (role.equals(Role.LEARNER.toString())) {
      return ServerEntry.DATA;
    }
    return role.equals(Role.WITNESS.toString())
        ? ServerEntry.META
        : ServerEntry.DATA | ServerEntry.META;
  }

  /** Those that hold tables, then those that vote, each by their ids. */
  static List<ServerRow> of(List<ServerEntry> registered, List<ServerEntry> members) {
    List<ServerEntry> shown = ServerRegister.shown(registered, members);
    List<ServerRow> rows = new ArrayList<>();
    shown.stream()
        .filter(entry -> entry.serves(ServerEntry.DATA))
        .map(entry -> row(ServerRow.DATA_NODES, entry, entry.clientAddress()))
        .forEach(rows::add);
    shown.stream()
        .filter(entry -> entry.serves(ServerEntry.META))
        .map(entry -> row(ServerRow.META_NODES, entry, entry.adminAddress()))
        .forEach(rows::add);
    return rows;
  }

  private static ServerRow row(String service, ServerEntry entry, String http) {
    return new ServerRow(service, entry.id(), http, entry.peerAddress());
  }
}
