package io.quorate.server.cli;

/** What {@link Foreground} runs: a node, or what stands for it in tests. */
interface Service {

  void open();

  /** Blocks until it has stopped, by {@link #close} or by itself. */
  void awaitStopped() throws InterruptedException;

  /** Stops it; idempotent, and called from any thread once {@link #open} has returned. */
  void close();

  /** 0 when it was asked to stop. */
  int exitCode();
}
