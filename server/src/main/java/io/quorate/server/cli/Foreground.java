package io.quorate.server.cli;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a service until it is asked to stop or stops by itself. Two threads meet here: the main
 * thread, which opens and waits, and the thread of the signal, which closes. Whoever first says how
 * it ends, by {@code ended}, cleans up and names the exit code; the other one keeps still.
 */
final class Foreground {
  private static final Logger log = LoggerFactory.getLogger(Foreground.class);

  /** A signal may come while the service is still opening, which must end before it can close. */
  private static final Duration OPENING_TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final Service service;
  private final PidFile pidFile;
  private final StopSignals signals;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  Foreground(String name, Service service, PidFile pidFile, StopSignals signals) {
    this.name = name;
    this.service = service;
    this.pidFile = pidFile;
    this.signals = signals;
  }

  /**
   * Blocks until the service has stopped.
   *
   * @return the exit code after a stop that was asked for
   * @throws NodeFailedException when it stopped by itself
   */
  int run() throws InterruptedException {
    signals.onStop(this::stop);
    open();
    log.atInfo().addKeyValue("node", name).log("node running");
    service.awaitStopped();
    if (!ended.compareAndSet(false, true)) {
      closed.await();
      return ExitCode.OK;
    }
    if (service.exitCode() == 0) {
      close();
      return ExitCode.OK;
    }
    throw closing(
        new NodeFailedException(
            "node " + name + " has stopped because of a failure; its log says why"));
  }

  private void open() {
    try {
      service.open();
      pidFile.write();
    } catch (RuntimeException e) {
      ended.set(true);
      throw closing(e);
    } catch (Error e) {
      // Or the hook of the JVM that ends with it would take this for a stop that was asked for.
      ended.set(true);
      throw e;
    } finally {
      opened.countDown();
    }
  }

  /** Called by a signal, and by the JVM when it exits for another reason. */
  private OptionalInt stop() {
    if (!ended.compareAndSet(false, true)) {
      return OptionalInt.empty();
    }
    log.atInfo().addKeyValue("node", name).log("node stopping");
    try {
      if (!opened.await(OPENING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atError().addKeyValue("node", name).log("node stopped while it was starting");
        return OptionalInt.of(ExitCode.FAILURE);
      }
      close();
      log.atInfo().addKeyValue("node", name).log("node stopped");
      return OptionalInt.of(ExitCode.OK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.of(ExitCode.FAILURE);
    } catch (RuntimeException e) {
      log.atError().addKeyValue("node", name).setCause(e).log("node stopped with an error");
      return OptionalInt.of(ExitCode.FAILURE);
    }
  }

  /** Closes after a failure, which stays the one that is told. */
  private RuntimeException closing(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private void close() {
    try {
      service.close();
      pidFile.delete();
    } finally {
      closed.countDown();
    }
  }
}
