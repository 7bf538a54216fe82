package io.quorate.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.SortedMap;

/** Turns paths into calls of {@link AdminService} and records into JSON. Thread-safe. */
final class AdminRoutes {
  private static final String NODE_PREFIX = "/admin/node/";

  private final AdminService service;

  AdminRoutes(AdminService service) {
    this.service = service;
  }

  /** Whether {@code path} exists; decided before a worker is spent on it. */
  static boolean knows(String path) {
    return switch (path) {
      case "/ping", "/healthz", "/readyz", "/admin/nodes", "/admin/metrics" -> true;
      default -> isNodePath(path);
    };
  }

  /**
   * Whether somebody who is nobody may ask: what watches a node has no password, and learns none.
   */
  static boolean isOpenToAll(String path) {
    return path.equals("/healthz") || path.equals("/readyz");
  }

  /** Answers a GET of a known path. */
  AdminAnswer get(String path) {
    try {
      return switch (path) {
        case "/ping" -> AdminAnswer.ok();
        case "/healthz" -> health();
        case "/readyz" -> readiness();
        case "/admin/nodes" -> AdminAnswer.ok("nodes", jsonOf(service.nodes()));
        case "/admin/metrics" -> AdminAnswer.ok("metrics", jsonOf(service.metrics()));
        case NODE_PREFIX + "current" -> nodeAnswer(service.current());
        default -> nodeAnswer(service.node(path.substring(NODE_PREFIX.length())));
      };
    } catch (AdminRefusal refusal) {
      return AdminAnswer.failure(
          statusOf(refusal.code()), refusal.code().number(), refusal.reason());
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

  private static AdminAnswer nodeAnswer(NodeRecord node) {
    return AdminAnswer.ok("node_role", TextNode.valueOf(node.role().toString()))
        .with("node", jsonOf(node));
  }

  private static ArrayNode jsonOf(List<NodeRecord> nodes) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    nodes.forEach(node -> array.add(jsonOf(node)));
    return array;
  }

  private static ObjectNode jsonOf(SortedMap<String, Long> metrics) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    metrics.forEach(object::put);
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

  private static boolean isNodePath(String path) {
    return path.startsWith(NODE_PREFIX)
        && path.length() > NODE_PREFIX.length()
        && path.indexOf('/', NODE_PREFIX.length()) < 0;
  }

  private static int statusOf(AdminRefusal.Code code) {
    return switch (code) {
      case NOT_IN_CLUSTER_MODE -> 409;
      case NODE_NOT_FOUND -> 404;
    };
  }
}
