package io.quorate.driver.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** All nodes at one moment. Immutable. */
final class ClusterSnapshot {
  private final List<NodeView> nodes;

  ClusterSnapshot(List<NodeView> nodes) {
    this.nodes = Collections.unmodifiableList(new ArrayList<>(nodes));
  }

  List<NodeView> nodes() {
    return nodes;
  }

  Optional<NodeView> leader() {
    return nodes.stream().filter(NodeView::leads).findFirst();
  }
}
