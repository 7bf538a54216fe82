package io.quorate.server.cli;

import io.quorate.server.Node;

/** What {@link Foreground} runs: a node, or what stands for it in tests. */
interface Service {

  void open();

  /** Blocks until it has stopped, by {@link #close} or by itself. */
  void awaitStopped() throws InterruptedException;

  /** Stops it; idempotent, and called from any thread once {@link #open} has returned. */
  void close();

  /** 0 when it was asked to stop. */
  int exitCode();

  static Service of(Node node) {
    return new Service() {
      @Override
      public void open() {
        node.open();
      }

      @Override
      public void awaitStopped() throws InterruptedException {
        node.awaitStopped();
      }

      @Override
      public void close() {
        node.close();
      }

      @Override
      public int exitCode() {
        return node.exitCode();
      }
    };
  }
}
