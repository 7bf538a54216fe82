package io.quorate.server.cluster.raft.fault;

import java.nio.ByteBuffer;

/**
 * What the load proposes. One request may be proposed several times, each an attempt of its own, so
 * that a repetition that was applied is told from one that was refused.
 *
 * @param request the same for every repetition
 * @param attempt unique
 */
record Command(long request, long attempt) {
  private static final int FIXED_BYTES = 16;

  /** With a filling that follows from the attempt, so that mixed-up bytes are found. */
  byte[] bytes() {
    int filling = (int) (attempt * 37 % 400);
    ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + filling);
    buffer.putLong(request).putLong(attempt);
    for (int i = 0; i < filling; i++) {
      buffer.put((byte) (attempt + i));
    }
    return buffer.array();
  }

  static Command of(ByteBuffer bytes) {
    ByteBuffer view = bytes.duplicate();
    Command command = new Command(view.getLong(), view.getLong());
    if (!ByteBuffer.wrap(command.bytes()).equals(bytes)) {
      throw new IllegalStateException("the bytes of " + command + " are not its own");
    }
    return command;
  }
}
