package io.quorate.server.frontend.wire;

import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.Message;
import org.jspecify.annotations.Nullable;

/** What a connection asks, read once when it is first looked at. Confined as its session is. */
public final class WireRequest {
  private final Frame frame;
  private @Nullable Message message;

  public WireRequest(Frame frame) {
    this.frame = frame;
  }

  public int callId() {
    return frame.callId();
  }

  /**
   * What it says.
   *
   * @throws io.quorate.driver.wire.ProtocolException when it is not what the protocol allows
   */
  Message message() {
    Message known = message;
    if (known == null) {
      known = frame.message();
      message = known;
    }
    return known;
  }
}
