package io.quorate.server;

import io.quorate.server.admin.AdminServer;
import io.quorate.server.admin.AdminService;
import io.quorate.server.admin.AdminView;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.config.NodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A placeholder for the node: it has the shape that the command line needs, opens the admin port
 * and nothing else. It holds no data and says so on {@code /readyz}.
 */
public final class Node implements AutoCloseable {
  private final NodeConfig config;
  private final ThreadPoolExecutor adminWorkers;
  private final AdminServer adminServer;
  private final CountDownLatch stopped = new CountDownLatch(1);

  public Node(NodeConfig config) {
    this.config = config;
    this.adminWorkers =
        new ThreadPoolExecutor(
            2,
            2,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(8),
            task -> new Thread(task, "admin"));
    this.adminServer =
        new AdminServer(config.network().adminAddr(), new AdminService(adminView()), adminWorkers);
  }

  /** Starts the node; throws a {@code QuorateException} when it cannot. */
  public void open() {
    Path data = config.node().data();
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + data + ": " + e, e);
    }
    adminServer.open();
  }

  /** Blocks until the node has stopped, by {@link #close} or by a failure. */
  public void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  /** Stops the node. May be called again, and from another thread than opened it. */
  @Override
  public void close() {
    adminServer.close();
    adminWorkers.shutdownNow();
    stopped.countDown();
  }

  /** 0 after a stop that was asked for, another number after a failure. */
  public int exitCode() {
    return 0;
  }

  public AdminView adminView() {
    NodeRecord self =
        new NodeRecord(
            config.node().id(),
            NodeRecord.Role.STANDALONE,
            NodeRecord.Status.STARTED,
            config.network().peerAddr().toString(),
            InstantSource.system().instant(),
            0,
            0,
            0,
            0,
            0,
            "",
            "");
    return new LonelyView(self);
  }

  private record LonelyView(NodeRecord current) implements AdminView {
    @Override
    public List<NodeRecord> nodes() {
      return List.of(current);
    }

    @Override
    public boolean healthy() {
      return true;
    }

    @Override
    public Optional<String> notReadyReason() {
      return Optional.of("this build answers no statements yet");
    }
  }
}
