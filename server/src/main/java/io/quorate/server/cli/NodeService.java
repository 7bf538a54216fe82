package io.quorate.server.cli;

import io.quorate.server.NodeHost;

/** A node that runs in the foreground. Thread-safe. */
final class NodeService implements Service {
  private final NodeHost host;

  NodeService(NodeHost host) {
    this.host = host;
  }

  @Override
  public void open() {
    host.open();
  }

  @Override
  public void awaitStopped() throws InterruptedException {
    host.awaitStopped();
  }

  @Override
  public void close() {
    host.close();
  }

  @Override
  public int exitCode() {
    return host.exitCode();
  }
}
