package io.quorate.server.admin;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Answers administrative requests, whichever door they came in by. Thread-safe as its view is. */
public final class AdminService {
  private final AdminView view;

  public AdminService(AdminView view) {
    this.view = view;
  }

  /** This node; works in every mode. */
  public NodeRecord current() {
    return view.current();
  }

  /**
   * The node of that name.
   *
   * @throws AdminRefusal outside of a cluster, or when no node has the name
   */
  public NodeRecord node(String name) {
    requireCluster("SHOW NODE only works in cluster mode");
    return view.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AdminRefusal(AdminRefusal.Code.NODE_NOT_FOUND, "Node doesn't exist: " + name));
  }

  /**
   * All nodes that this one knows.
   *
   * @throws AdminRefusal outside of a cluster
   */
  public List<NodeRecord> nodes() {
    requireCluster("'ADMIN SHOW NODES' only works in cluster mode");
    return view.nodes();
  }

  /** What this node counts, by name; works in every mode. */
  public SortedMap<String, Long> metrics() {
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
    if (!view.current().role().inCluster()) {
      throw new AdminRefusal(AdminRefusal.Code.NOT_IN_CLUSTER_MODE, refusal);
    }
  }
}
