package io.quorate.server.admin;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.Metric;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.ServerRow;
import io.quorate.sql.lang.CancelFlag;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Answers administrative requests, whichever door they came in by. Thread-safe as its view is. The
 * texts and numbers of refusals are Infinity's, where it has them.
 */
public final class AdminService {
  private static final String ROLE = "role";

  /** The name that some of Infinity's examples have for it. */
  private static final String SERVER_ROLE = "server_role";

  private static final String MAX_FOLLOWERS = "max_followers";

  private final AdminView view;
  private final MembershipChanges changes;
  private final RoleChanges roles;

  /** That of a node which keeps its role. */
  public AdminService(AdminView view, MembershipChanges changes) {
    this(
        view,
        changes,
        (from, request, deadline, cancel) -> {
          throw new QuorateException(
              ErrorCode.NOT_SUPPORTED, "this node is part of another program and keeps its role");
        });
  }

  public AdminService(AdminView view, MembershipChanges changes, RoleChanges roles) {
    this.view = view;
    this.changes = changes;
    this.roles = roles;
  }

  /** This node; works in every mode. */
  public NodeRecord current() {
    return view.current();
  }

  /**
   * The node of that name.
   *
   * @throws QuorateException outside of a cluster, or when no node has the name
   */
  public NodeRecord node(String name) {
    requireCluster("SHOW NODE only works in cluster mode");
    return require(name);
  }

  private NodeRecord require(String name) {
    return view.nodes().stream()
        .filter(node -> node.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> new QuorateException(ErrorCode.NODE_NOT_FOUND, "Node doesn't exist: " + name));
  }

  /**
   * All nodes that this one knows.
   *
   * @throws QuorateException outside of a cluster
   */
  public List<NodeRecord> nodes() {
    requireCluster("'ADMIN SHOW NODES' only works in cluster mode");
    return view.nodes();
  }

  /**
   * Members and what they do for the cluster.
   *
   * @throws QuorateException in mode admin
   */
  public List<ServerRow> servers() {
    if (view.current().role() == NodeRecord.Role.ADMIN) {
      throw new QuorateException(
          ErrorCode.NOT_IN_CLUSTER, "SHOW SERVERS does not work in mode admin");
    }
    return view.servers();
  }

  /** Where operators reach the leader; empty where nobody leads, or the leader was not heard of. */
  Optional<String> leaderAdminAddress() {
    String leader = view.current().leader();
    return view.nodes().stream()
        .filter(node -> node.name().equals(leader) && !node.address().isEmpty())
        .flatMap(
            node ->
                view.servers().stream()
                    .filter(server -> server.service().equals(ServerRow.META_NODES))
                    .filter(server -> server.tcpAddress().equals(node.address())))
        .map(ServerRow::httpAddress)
        .filter(address -> !address.isEmpty())
        .findFirst();
  }

  /**
   * What this node may be asked of itself, by name, and of the cluster where it is in one; works in
   * every mode.
   */
  public SortedMap<String, String> variables() {
    NodeRecord.Role role = view.current().role();
    SortedMap<String, String> variables = new TreeMap<>(Map.of(ROLE, role.toString()));
    if (role.inCluster()) {
      variables.put(MAX_FOLLOWERS, Integer.toString(changes.followersMax()));
    }
    return variables;
  }

  /**
   * One of {@link #variables}, or the role under its other name.
   *
   * @throws QuorateException when there is none of that name
   */
  public String variable(String name) {
    return Optional.ofNullable(variables().get(name.equals(SERVER_ROLE) ? ROLE : name))
        .orElseThrow(() -> noVariable(name));
  }

  private static QuorateException noVariable(String name) {
    return new QuorateException(
        ErrorCode.VARIABLE_NOT_FOUND, "variable does not exist : " + name + ".");
  }

  /**
   * The change that gives a variable of the cluster a value.
   *
   * @throws QuorateException when there is none of that name, it is not set like that, or cannot
   *     have the value
   */
  public static MembershipChange setting(String name, String value) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case MAX_FOLLOWERS -> new MembershipChange.LimitFollowers(followers(value));
      case ROLE, SERVER_ROLE ->
          throw new QuorateException(
              ErrorCode.READ_ONLY_VARIABLE,
              "variable is read only : %s; ADMIN SET NODE ROLE gives a node another role"
                  .formatted(name));
      default -> throw noVariable(name);
    };
  }

  private static int followers(String value) {
    if (value.equalsIgnoreCase("DEFAULT")) {
      return MembershipChanges.FOLLOWERS_MAX;
    }
    if (!value.matches("[0-%d]".formatted(MembershipChanges.FOLLOWERS_MAX))) {
      throw new QuorateException(
          ErrorCode.INVALID_VARIABLE,
          "%s is a number from 0 to %d, not \"%s\""
              .formatted(MAX_FOLLOWERS, MembershipChanges.FOLLOWERS_MAX, value));
    }
    return Integer.parseInt(value);
  }

  /** The configuration that this node was started with, by key; what is secret is masked. */
  public SortedMap<String, String> configs() {
    return view.configs();
  }

  /**
   * Changes the membership, as {@link MembershipChanges#make} does.
   *
   * @throws QuorateException also outside of a cluster, and for a removal where this node does not
   *     lead
   */
  public void change(MembershipChange change, Deadline deadline, CancelFlag cancel) {
    requireCluster("a change of the membership only works in cluster mode");
    if (change instanceof MembershipChange.Remove) {
      requireLeader(view.current());
    }
    changes.make(change, deadline, cancel);
  }

  private void requireLeader(NodeRecord current) {
    if (current.role() != NodeRecord.Role.LEADER) {
      throw new QuorateException(
          ErrorCode.INVALID_ROLE_CHANGE,
          "Can't remove node in %s mode; %s"
              .formatted(
                  current.role(),
                  current.leader().isEmpty()
                      ? "no node leads at the moment"
                      : "ask the leader, " + current.leader()));
    }
  }

  /**
   * Makes of this node what it is told to be, as {@link RoleChanges#become} does; nothing, where it
   * is that. Works in every mode.
   *
   * @throws QuorateException also when it may not become that from what it is
   */
  public void become(RoleRequest request, Deadline deadline, CancelFlag cancel) {
    NodeRecord current = view.current();
    requireMeant(current, request);
    if (RoleMatrix.isChange(current.role(), request.role())) {
      roles.become(current.role(), request, deadline, cancel);
    }
  }

  /** A driver that knows several nodes may have asked another one than its user had in mind. */
  private static void requireMeant(NodeRecord current, RoleRequest request) {
    boolean mayBeRenamed = current.role() == NodeRecord.Role.ADMIN;
    if (!mayBeRenamed && request.name().filter(name -> !name.equals(current.name())).isPresent()) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER,
          "this node is %s; ask %s itself, by JDBC with target=contact"
              .formatted(current.name(), request.name().get()));
    }
  }

  /** What this node counts and measures; works in every mode. */
  public List<Metric> metrics() {
    return view.metrics();
  }

  public boolean healthy() {
    return view.healthy();
  }

  /** Why the node should get no statements now; empty when it should. */
  public Optional<String> notReadyReason() {
    return view.notReadyReason();
  }

  private void requireCluster(String refusal) {
    NodeRecord current = view.current();
    if (current.status() == NodeRecord.Status.REMOVED) {
      throw new QuorateException(
          ErrorCode.NODE_NOT_REGISTERED,
          "Not registered node: %s; it was removed from its cluster, and may enter again"
              .formatted(current.name()));
    } else if (!current.role().inCluster()) {
      throw new QuorateException(ErrorCode.NOT_IN_CLUSTER, refusal);
    }
  }
}
