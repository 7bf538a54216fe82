package io.quorate.server.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A service that does what the test says and notes what was asked of it. */
final class FakeService implements Service {
  final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  volatile @Nullable RuntimeException openingFailure;
  volatile int exitCode;

  @Override
  public void open() {
    calls.add("open");
    RuntimeException failure = openingFailure;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void awaitStopped() throws InterruptedException {
    running.countDown();
    stopped.await();
  }

  /** Stops by itself. */
  void fail(int code) {
    exitCode = code;
    stopped.countDown();
  }

  @Override
  public void close() {
    calls.add("close");
    stopped.countDown();
  }

  @Override
  public int exitCode() {
    return exitCode;
  }
}
