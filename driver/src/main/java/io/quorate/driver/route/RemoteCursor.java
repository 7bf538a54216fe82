package io.quorate.driver.route;

import io.quorate.driver.wire.Signature;

/** Rows that wait on a node. Ended by its last row, or by closing it. */
public final class RemoteCursor {
  private final NodeLink link;
  private final long number;
  private final Signature signature;
  private boolean ended;

  RemoteCursor(NodeLink link, long number, Signature signature) {
    this.link = link;
    this.number = number;
    this.signature = signature;
    link.cursorOpened();
  }

  NodeLink link() {
    return link;
  }

  long number() {
    return number;
  }

  Signature signature() {
    return signature;
  }

  /** Whether there is nothing more to fetch. */
  public boolean ended() {
    return ended;
  }

  void end() {
    ended = true;
  }
}
