package io.quorate.server.cli;

import java.util.OptionalInt;
import java.util.function.Supplier;

/** How a process is asked to stop: by SIGTERM or SIGINT, or by a test. */
interface StopSignals {

  /**
   * Has {@code stop} called when the process is asked to stop. It returns the exit code, or nothing
   * when the process is ending already and has its code.
   */
  void onStop(Supplier<OptionalInt> stop);

  /**
   * The JVM answers both signals by running its shutdown hooks and then exits with 128 and the
   * signal's number; a clean stop is to be told by 0, so the hook ends the JVM itself.
   */
  static StopSignals ofProcess() {
    return stop ->
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> stop.get().ifPresent(code -> Runtime.getRuntime().halt(code)), "stop"));
  }
}
