package io.quorate.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the files that this process may have open against those that it may come to need. */
final class OpenFiles {
  private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

  /** Jars, segments of the log, the store, peers and their failure detection, operators. */
  private static final int BESIDE_CLIENTS = 512;

  private OpenFiles() {}

  /** Warns when the limit of the process is below what so many connections take. */
  static void compare(int connections) {
    limit().ifPresent(limit -> compare(connections, limit));
  }

  private static void compare(int connections, long limit) {
    if (isTooFew(connections, limit)) {
      log.atWarn()
          .addKeyValue("limit", limit)
          .addKeyValue("needed", connections + BESIDE_CLIENTS)
          .log("fewer open files are allowed than clients.connections may take; see ulimit -n");
    }
  }

  static boolean isTooFew(int connections, long limit) {
    return limit < (long) connections + BESIDE_CLIENTS;
  }

  /** Empty where the system has no such limit, or does not tell. */
  private static OptionalLong limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? OptionalLong.of(unix.getMaxFileDescriptorCount())
        : OptionalLong.empty();
  }
}
