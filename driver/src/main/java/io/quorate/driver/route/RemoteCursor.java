package io.quorate.driver.route;

import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that wait on a node. Ended by its last row, or by closing it. */
public final class RemoteCursor {
  private final NodeLink link;
  private final long number;
  private final Signature signature;
  private boolean ended;
  private boolean closed;
  private boolean namesValues;

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

  /** Notes whether rows name large values: then the node keeps the result until it is closed. */
  void note(List<@Nullable Object[]> rows) {
    for (int i = 0; i < rows.size() && !namesValues; i++) {
      for (Object value : rows.get(i)) {
        namesValues |= value instanceof LargeValue && ((LargeValue) value).isNamed();
      }
    }
  }

  /** All rows have come; whether the node has forgotten the result with them. */
  boolean endRows() {
    ended = true;
    closed |= !namesValues;
    return closed;
  }

  /** Whether the node knows nothing of the result any more. */
  boolean closed() {
    return closed;
  }

  void close() {
    ended = true;
    closed = true;
  }
}
