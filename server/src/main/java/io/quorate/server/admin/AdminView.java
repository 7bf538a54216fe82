package io.quorate.server.admin;

import io.quorate.server.lang.Metric;
import io.quorate.server.lang.ServerRow;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What this room asks of a running node. Every method may be called from several threads at once
 * and answers from memory, without waiting for the network or the disk.
 */
public interface AdminView {

  /** This node. */
  NodeRecord current();

  /** All nodes as this node knows them, itself among them, sorted by name. */
  List<NodeRecord> nodes();

  /** Members and what they do, with their ids. */
  List<ServerRow> servers();

  /** The configuration that this node was started with, by key; what is secret is masked. */
  SortedMap<String, String> configs();

  /** What this node counts and measures, of itself and of the members that it knows. */
  List<Metric> metrics();

  /** Whether the node should go on running; false asks its supervisor to restart it. */
  boolean healthy();

  /** Why the node should get no statements now; empty when it should. */
  Optional<String> notReadyReason();
}
