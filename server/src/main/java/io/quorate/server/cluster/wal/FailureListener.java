package io.quorate.server.cluster.wal;

import java.io.IOException;

/**
 * Told once that the log or the vote can no longer be written. The node has to stop: what it
 * promises from now on it cannot keep.
 */
@FunctionalInterface
public interface FailureListener {

  /** Called at most once a log or vote file, on the thread that met the failure; does not block. */
  void onFailure(IOException failure);
}
