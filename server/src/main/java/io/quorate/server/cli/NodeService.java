package io.quorate.server.cli;

import io.quorate.server.Node;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node, and another one on the same directory when it has stopped over a damaged store: that one
 * finds the file set aside and builds the rows anew from snapshot and log, or from a peer. A disk
 * that damages what was just written is no such case, so this is done a few times only.
 *
 * <p>Thread-safe.
 */
final class NodeService implements Service {
  private static final Logger log = LoggerFactory.getLogger(NodeService.class);
  private static final int REBUILDS_MAX = 3;

  private final Supplier<Node> nodes;

  /** Held while one node takes the place of another. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable Node node;
  private volatile boolean closing;

  NodeService(Supplier<Node> nodes) {
    this.nodes = nodes;
  }

  @Override
  public void open() {
    Node opening = nodes.get();
    node = opening;
    opening.open();
  }

  @Override
  public void awaitStopped() throws InterruptedException {
    node().awaitStopped();
    for (int rebuild = 1; rebuild <= REBUILDS_MAX && node().stoppedOverDamagedStore(); rebuild++) {
      if (!replace()) {
        return;
      }
      node().awaitStopped();
    }
  }

  /** False when there is no other node: this one is to stop, or the other does not open. */
  private boolean replace() {
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      log.atWarn().log("the store was damaged and set aside; the node begins again without it");
      Node next = nodes.get();
      next.open();
      node = next;
      return true;
    } catch (RuntimeException e) {
      log.atError().addKeyValue("cause", e.getMessage()).log("the node does not begin again");
      log.atDebug().setCause(e).log("the failure");
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closing = true;
    lock.lock();
    try {
      Node open = node;
      if (open != null) {
        open.close();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int exitCode() {
    return node().exitCode();
  }

  private Node node() {
    Node open = node;
    if (open == null) {
      throw new IllegalStateException("the service is not open");
    }
    return open;
  }
}
