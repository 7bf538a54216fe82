package io.quorate.server;

import static java.util.Objects.requireNonNull;

import io.quorate.server.admin.AdminPortConfig;
import io.quorate.server.admin.AdminServer;
import io.quorate.server.config.IdentityConfig.Mode;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.tls.NodeTls;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node over the roles that it is given: one {@link Node} after the other on the same directory,
 * behind one admin port. Another one begins when an administrator has assigned a role, and when the
 * store was damaged: that one finds the file set aside and builds the rows anew from snapshot and
 * log, or from a peer. A disk that damages what was just written is no such case, so that is done a
 * few times only.
 *
 * <p>A node that cannot enter the cluster that it was told to begins in mode admin.
 *
 * <p>Thread-safe.
 */
public final class NodeHost implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeHost.class);
  private static final int REBUILDS_MAX = 3;

  private final NodeConfig configured;
  private final Consumer<Node> observer;

  /** Held while one node takes the place of another. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable Node node;
  private volatile @Nullable AdminServer admin;
  private volatile boolean closing;
  private volatile boolean failed;

  /**
   * @param observer handed each node before it opens
   */
  public NodeHost(NodeConfig configured, Consumer<Node> observer) {
    this.configured = configured;
    this.observer = observer;
  }

  /**
   * Opens the admin port and the first node.
   *
   * @throws io.quorate.server.lang.QuorateException when it cannot; all is closed then
   */
  public void open() {
    AdminServer port =
        new AdminServer(
            AdminPortConfig.of(
                configured,
                NodeTls.load(configured.tls(), InstantSource.system().instant()),
                InstantSource.system()));
    EntryRule.requireNotOpenToAll(configured);
    port.open();
    admin = port;
    try {
      begin();
    } catch (RuntimeException e) {
      port.close();
      throw e;
    }
  }

  private void begin() {
    try {
      beginAsAssigned();
    } catch (RuntimeException e) {
      Path data = configured.node().data();
      Optional<AssignedRole> assigned = DataDirectory.assignedOf(data);
      if (assigned.isEmpty() || assigned.get().mode() != Mode.CLUSTER || !assigned.get().left()) {
        throw e;
      }
      log.atError()
          .addKeyValue("cause", e.getMessage())
          .log("the node did not enter its cluster, and begins in mode admin");
      log.atDebug().setCause(e).log("the failure");
      AssignedRole was = assigned.get();
      DataDirectory.assign(
          data, new AssignedRole(Mode.ADMIN, was.role(), was.contacts(), true, was.alone(), false));
      beginAsAssigned();
    }
  }

  private void beginAsAssigned() {
    Path data = configured.node().data();
    DataDirectory.settleGivenUp(data, new SecureRandom());
    Optional<AssignedRole> assigned = DataDirectory.assignedOf(data);
    String name = DataDirectory.nameOf(data).orElse(configured.node().id());
    assigned.ifPresent(
        role ->
            log.atInfo()
                .addKeyValue("mode", role.mode())
                .addKeyValue("role", role.role())
                .log("the node is what an administrator has made it, not what is configured"));
    NodeConfig config = assigned.map(role -> role.in(configured, name)).orElse(configured);
    Node next = new Node(config, requireNonNull(admin));
    observer.accept(next);
    node = next;
    next.open();
  }

  /** Blocks until the last node has stopped, by {@link #close} or by itself. */
  public void awaitStopped() throws InterruptedException {
    node().awaitStopped();
    int rebuilds = 0;
    while (!closing) {
      if (node().stoppedOverDamagedStore() && rebuilds < REBUILDS_MAX) {
        rebuilds++;
        log.atWarn().log("the store was damaged and set aside; the node begins again without it");
      } else if (!node().beginsAgain()) {
        break;
      }
      if (!replace()) {
        break;
      }
      node().awaitStopped();
    }
    closeAdmin();
  }

  /** False when there is no other node: this one is to stop, or the other does not open. */
  private boolean replace() {
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      begin();
      return true;
    } catch (RuntimeException e) {
      log.atError().addKeyValue("cause", e.getMessage()).log("the node does not begin again");
      log.atDebug().setCause(e).log("the failure");
      failed = true;
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
      closeAdmin();
    } finally {
      lock.unlock();
    }
  }

  private void closeAdmin() {
    AdminServer port = admin;
    if (port != null) {
      port.close();
    }
  }

  /** 0 after a stop that was asked for, another number after a failure. */
  public int exitCode() {
    return failed ? NodeLife.EXIT_FAILED : node().exitCode();
  }

  /** The one that runs, or has run last. */
  public Node node() {
    Node open = node;
    if (open == null) {
      throw new IllegalStateException("the host is not open");
    }
    return open;
  }
}
