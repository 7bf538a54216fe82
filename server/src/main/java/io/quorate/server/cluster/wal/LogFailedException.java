package io.quorate.server.cluster.wal;

import java.io.IOException;

/** A file operation failed before; whatever failed stays failed until the node is restarted. */
public final class LogFailedException extends IOException {
  LogFailedException(String what, Throwable cause) {
    super(what + " has failed and takes no more operations: " + cause, cause);
  }
}
