package io.quorate.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quorate.driver.ErrorCode;
import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.Metric;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.ServerRow;
import io.quorate.sql.lang.CancelFlag;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Turns requests into calls of {@link AdminService} and records into JSON. Thread-safe. */
final class AdminRoutes {
  private static final String NODE_PREFIX = "/admin/node/";
  private static final String CURRENT = NODE_PREFIX + "current";
  private static final String VARIABLE_PREFIX = "/admin/variables/";

  private static final String JOIN = "/join";
  private static final String INSI_JOIN = "/db/api/v1/join";

  private static final String ROLE = "role";

  private static final String READ = "GET, HEAD";
  private static final String READ_OR_DELETE = "GET, HEAD, DELETE";
  private static final String READ_OR_CHANGE = "GET, HEAD, POST";
  private static final String CHANGE = "POST";
  private static final String GET_OR_CHANGE = "GET, POST";

  private final AdminService service;
  private final MetricsPage page;
  private final AdminHttpStatus statuses;
  private final Supplier<Deadline> changeDeadline;

  /** One change at a time: whoever waits for one holds a worker, and these are few. */
  private final Semaphore turn = new Semaphore(1);

  /**
   * @param changeDeadline by when a change that begins now is to be in force
   */
  AdminRoutes(
      AdminService service,
      MetricsPage page,
      AdminHttpStatus statuses,
      Supplier<Deadline> changeDeadline) {
    this.service = service;
    this.page = page;
    this.statuses = statuses;
    this.changeDeadline = changeDeadline;
  }

  /**
   * The methods of {@code path}, as the header Allow has them; empty where there is no path.
   *
   * @param insidb whether InsiDB's GET is wanted, which changes the cluster
   */
  static String methods(String path, boolean insidb) {
    return switch (path) {
      case "/servers" -> READ;
      case "/ping", "/healthz", "/readyz", "/metrics", "/admin/metrics" -> READ;
      case "/admin/nodes", "/admin/variables", "/admin/configs" -> READ;
      case CURRENT -> READ_OR_CHANGE;
      case "/admin/promote", "/admin/leader", JOIN -> CHANGE;
      case INSI_JOIN -> insidb ? GET_OR_CHANGE : CHANGE;
      default ->
          isBelow(NODE_PREFIX, path)
              ? READ_OR_DELETE
              : isBelow(VARIABLE_PREFIX, path) ? READ_OR_CHANGE : "";
    };
  }

  /** Whether the path has the method; decided before a worker is spent on it. */
  static boolean allows(String methods, String method) {
    return List.of(methods.split(", ", -1)).contains(method);
  }

  /** What an operator can do about a method that the path does not have; mostly nothing. */
  static String hintFor(String path) {
    return path.equals(INSI_JOIN)
        ? ", and GET where the configuration says compat.insidb = true"
        : "";
  }

  /** Whether a request asks for a change, which takes as long as other nodes do. */
  static boolean changes(String method, String path) {
    return method.equals("POST") || method.equals("DELETE") || path.equals(INSI_JOIN);
  }

  /**
   * Whether a password does not do: a browser sends the one that it knows with every GET, whoever
   * wrote the page that asks for it, but no token.
   */
  static boolean needsToken(AdminRequest request) {
    return request.path().equals(INSI_JOIN) && request.method().equals("GET");
  }

  /**
   * Whether somebody who is nobody may ask: what watches a node has no password, and learns none.
   */
  static boolean isOpenToAll(String path) {
    return path.equals("/healthz") || path.equals("/readyz");
  }

  /** Answers a request of a known path and method. Blocks while a change is made. */
  AdminAnswer answer(AdminRequest request) {
    return switch (request.method()) {
      case "POST" -> post(request);
      case "DELETE" -> remove(request.lastPart());
      default -> get(request);
    };
  }

  private AdminAnswer get(AdminRequest request) {
    return switch (request.path()) {
      case "/ping" -> AdminAnswer.ok();
      case "/healthz" -> health();
      case "/readyz" -> readiness();
      case "/metrics" -> AdminAnswer.page(page.text());
      case "/servers" -> AdminAnswer.ok("servers", servers(service.servers()));
      case "/admin/nodes" -> AdminAnswer.ok("nodes", jsonOf(service.nodes()));
      case "/admin/metrics" -> AdminAnswer.ok("metrics", numbers(service.metrics()));
      case "/admin/variables" -> AdminAnswer.ok(texts(service.variables()));
      case "/admin/configs" -> AdminAnswer.ok(texts(service.configs()));
      case CURRENT -> nodeAnswer(service.current());
      case INSI_JOIN -> add(request, "followerId", "followerAddr");
      default ->
          isBelow(VARIABLE_PREFIX, request.path())
              ? variable(request.lastPart())
              : nodeAnswer(service.node(request.lastPart()));
    };
  }

  private AdminAnswer post(AdminRequest request) {
    return switch (request.path()) {
      case CURRENT -> become(request);
      case JOIN -> add(request, "nodeid", "nodeaddr");
      case INSI_JOIN -> add(request, "followerId", "followerAddr");
      default -> isBelow(VARIABLE_PREFIX, request.path()) ? set(request) : change(request);
    };
  }

  private AdminAnswer set(AdminRequest request) {
    change(AdminService.setting(request.lastPart(), request.requiredField("value")));
    return AdminAnswer.ok();
  }

  private AdminAnswer change(AdminRequest request) {
    String name = request.requiredField("name");
    change(
        request.path().equals("/admin/leader")
            ? new MembershipChange.Transfer(name)
            : new MembershipChange.Promote(name, isWhenReady(request)));
    return AdminAnswer.ok();
  }

  /** The calls of InfinityStore and InsiDB: 400 for what is missing, 500 for what fails. */
  private AdminAnswer add(AdminRequest request, String name, String address) {
    for (String parameter : List.of(name, address)) {
      if (request.parameter(parameter).isEmpty()) {
        return AdminAnswer.failure(
            400, ErrorCode.FIELD_REQUIRED.number(), "Missing parameter " + parameter);
      }
    }
    if (request.method().equals("GET")) {
      Optional<AdminAnswer> elsewhere = elsewhere(request);
      if (elsewhere.isPresent()) {
        return elsewhere.get();
      }
    }
    change(
        new MembershipChange.Add(
            request.parameter(name).orElseThrow(),
            request.parameter(address).orElseThrow(),
            IdentityConfig.Role.VOTER));
    return AdminAnswer.ok("message", TextNode.valueOf("Voter added"));
  }

  /** As InsiDB does: who does not lead sends the client to the admin port of the one that does. */
  private Optional<AdminAnswer> elsewhere(AdminRequest request) {
    NodeRecord current = service.current();
    if (!current.role().inCluster() || current.role() == NodeRecord.Role.LEADER) {
      return Optional.empty();
    }
    String leader =
        service
            .leaderAdminAddress()
            .orElseThrow(
                () -> new QuorateException(ErrorCode.NO_LEADER, "no node leads at the moment"));
    return Optional.of(
        AdminAnswer.redirect(
            "https://" + leader + request.target(),
            ErrorCode.NO_LEADER.number(),
            "this node does not lead, " + current.leader() + " does"));
  }

  private AdminAnswer become(AdminRequest request) {
    RoleRequest asked =
        new RoleRequest(
            roleOf(request.requiredField(ROLE)), request.field("name"), request.field("address"));
    inTurn(deadline -> service.become(asked, deadline, CancelFlag.NEVER));
    return AdminAnswer.ok();
  }

  private static NodeRecord.Role roleOf(String word) {
    for (NodeRecord.Role role : NodeRecord.Role.values()) {
      if (role.toString().equalsIgnoreCase(word)) {
        return role;
      }
    }
    throw new QuorateException(ErrorCode.INVALID_ROLE_CHANGE, "Invalid node role " + word);
  }

  private static boolean isWhenReady(AdminRequest request) {
    Optional<String> when = request.field("when");
    if (when.isPresent() && !when.get().equalsIgnoreCase("ready")) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER, "Field 'when' must be \"ready\" where it is there");
    }
    return when.isPresent();
  }

  private AdminAnswer remove(String name) {
    change(new MembershipChange.Remove(name));
    return AdminAnswer.ok("message", TextNode.valueOf("Node " + name + " removed successfully."));
  }

  private void change(MembershipChange change) {
    inTurn(deadline -> service.change(change, deadline, CancelFlag.NEVER));
  }

  private void inTurn(Consumer<Deadline> change) {
    if (!turn.tryAcquire()) {
      throw new QuorateException(
          ErrorCode.OVERLOADED, "this node waits for another change; try again after it");
    }
    try {
      change.accept(changeDeadline.get());
    } finally {
      turn.release();
    }
  }

  private AdminAnswer health() {
    return service.healthy()
        ? AdminAnswer.ok("status", TextNode.valueOf("healthy"))
        : AdminAnswer.failure(503, 503, "the node has failed");
  }

  private AdminAnswer readiness() {
    return service
        .notReadyReason()
        .map(reason -> AdminAnswer.failure(503, 503, reason))
        .orElseGet(() -> AdminAnswer.ok("status", TextNode.valueOf("ready")));
  }

  private AdminAnswer variable(String name) {
    return AdminAnswer.ok(name, TextNode.valueOf(service.variable(name)));
  }

  private static AdminAnswer nodeAnswer(NodeRecord node) {
    return AdminAnswer.ok("node_role", TextNode.valueOf(node.role().toString()))
        .with("node", jsonOf(node));
  }

  private static ArrayNode jsonOf(List<NodeRecord> nodes) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    nodes.forEach(node -> array.add(jsonOf(node)));
    return array;
  }

  private static ArrayNode servers(List<ServerRow> servers) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (ServerRow server : servers) {
      array
          .addObject()
          .put("service", server.service())
          .put("id", server.id())
          .put("http_addr", server.httpAddress())
          .put("tcp_addr", server.tcpAddress());
    }
    return array;
  }

  /** Those of the node itself, as SYSTEM.METRICS has them. */
  private static ObjectNode numbers(List<Metric> metrics) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    Metric.ofNode(metrics).forEach(metric -> object.put(metric.name(), metric.value()));
    return object;
  }

  private static ObjectNode texts(SortedMap<String, String> texts) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    texts.forEach(object::put);
    return object;
  }

  /** Every value is a string: clients of the published interface compare them as such. */
  private static ObjectNode jsonOf(NodeRecord node) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", node.name())
        .put("role", node.role().toString())
        .put("status", node.status().toString())
        .put("address", node.address())
        .put("last_update", node.lastUpdate().toString())
        .put("heartbeat", Long.toString(node.heartbeat()))
        .put("term", Long.toString(node.term()))
        .put("applied_revision", Long.toString(node.appliedRevision()))
        .put("durable_revision", Long.toString(node.durableRevision()))
        .put("lag", Long.toString(node.lag()))
        .put("leader", node.leader())
        .put("member_id", node.memberId())
        .put("zone", node.zone());
  }

  private static boolean isBelow(String prefix, String path) {
    return path.startsWith(prefix)
        && path.length() > prefix.length()
        && path.indexOf('/', prefix.length()) < 0;
  }

  /** What a client is told of a failure. */
  AdminAnswer failure(QuorateException failure) {
    return AdminAnswer.failure(
        statuses == AdminHttpStatus.SEMANTIC ? statusOf(failure.code()) : 500,
        failure.code().number(),
        String.valueOf(failure.getMessage()));
  }

  private static int statusOf(ErrorCode code) {
    return switch (code) {
      case INVALID_JSON,
          FIELD_REQUIRED,
          INVALID_PARAMETER,
          INVALID_VARIABLE,
          INVALID_NODE_ADDRESS ->
          400;
      case NODE_NOT_FOUND, VARIABLE_NOT_FOUND -> 404;
      case NOT_IN_CLUSTER,
          READ_ONLY_VARIABLE,
          NODE_NOT_REGISTERED,
          CANNOT_LEAD,
          INVALID_ROLE_CHANGE,
          TOO_MANY_FOLLOWERS,
          TOO_MANY_LEARNERS,
          DUPLICATE_NODE ->
          409;
      case NO_LEADER, NO_QUORUM, OVERLOADED, NODE_UNREACHABLE, LEADER_UNREACHABLE -> 503;
      case OUTCOME_UNKNOWN -> 504;
      default -> 500;
    };
  }
}
