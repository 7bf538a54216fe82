package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.rpc.Connection;
import io.quorate.server.cluster.MemberId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What stands for a connection from one member: the attributes that JRaft keeps with it, and the
 * number of its requests that are not answered yet.
 *
 * <p>The count is there because of how JRaft orders its answers to appends: by a number counted per
 * pair of peers, in a context that the end of the connection removes. An append whose sync outlasts
 * that answers into the next context, under a number that one of the new appends has as well; one
 * of the two would stay at the head of the queue, and the follower would say nothing more to its
 * leader until 256 answers have piled up. This is read from AppendEntriesRequestProcessor
 * (sendSequenceResponse) and was not seen in a run. So when a member is lost, its connection ends
 * only once nothing is under way. A leader that was wrongly given up and goes on sending keeps it,
 * which is harmless: nothing in the context depends on who is at the other end.
 *
 * <p>Thread-safe. {@code unanswered} is the state: negative once closed.
 */
final class RemoteConnection implements Connection {
  private static final int CLOSED = Integer.MIN_VALUE;

  private final MemberId member;
  private final Consumer<RemoteConnection> onClose;
  private final ConcurrentHashMap<String, Object> attributes = new ConcurrentHashMap<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean lost;

  /**
   * @param onClose told once, and must not block
   */
  RemoteConnection(MemberId member, Consumer<RemoteConnection> onClose) {
    this.member = member;
    this.onClose = onClose;
  }

  MemberId member() {
    return member;
  }

  /** Counts a request; false when the connection is closed. */
  boolean tryBegin() {
    return unanswered.getAndUpdate(count -> count < 0 ? count : count + 1) >= 0;
  }

  /** Counts an answer. */
  void end() {
    int left = unanswered.updateAndGet(count -> count <= 0 ? count : count - 1);
    if (left == 0 && lost) {
      closeIfIdle();
    }
  }

  /** The member was lost: ends the connection now or with the last answer. */
  void lose() {
    lost = true;
    closeIfIdle();
  }

  private void closeIfIdle() {
    if (unanswered.compareAndSet(0, CLOSED)) {
      onClose.accept(this);
    }
  }

  /** By JRaft, when too many answers wait for one before them. */
  @Override
  public void close() {
    if (unanswered.getAndSet(CLOSED) >= 0) {
      onClose.accept(this);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // JRaft's contract: null where there is none.
  public Object getAttribute(String key) {
    return attributes.get(key);
  }

  @Override
  public void setAttribute(String key, Object value) {
    attributes.put(key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // JRaft's contract: null where there was none.
  public Object setAttributeIfAbsent(String key, Object value) {
    return attributes.putIfAbsent(key, value);
  }
}
