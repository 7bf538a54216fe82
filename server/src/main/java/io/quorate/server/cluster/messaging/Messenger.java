package io.quorate.server.cluster.messaging;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.lang.QuorateException;

/**
 * Carries byte frames between the members of a cluster.
 *
 * <p>What it promises: frames of one sender reach one receiver in the order sent, or not at all; a
 * frame may be lost when the receiver dies, restarts or is cut off. It promises neither delivery
 * nor an error. What is built on it ({@code RpcHub}) therefore gives each question a deadline. The
 * tests' network breaks even the order and repeats frames, and the consensus above must bear that.
 */
public interface Messenger extends AutoCloseable {

  /** The member that sends and receives here. */
  MemberId self();

  /** Starts delivering to {@code inbox}. Called once, before the first {@link #send}. */
  void open(Inbox inbox);

  /**
   * Sends {@code length} bytes of {@code frame} from {@code offset} on; the array belongs to the
   * messenger afterwards. Never blocks on a slow receiver; a frame for a member whose address is
   * unknown is dropped. Thread-safe.
   *
   * @throws QuorateException when the frame is larger than {@link Limits#FRAME_BYTES_MAX}
   */
  void send(MemberId to, byte[] frame, int offset, int length);

  /** Whether an address of this member is known; says nothing about whether it answers. */
  boolean knows(MemberId member);

  /** Stops sending and delivering. Idempotent; no callback runs after it returns. */
  @Override
  void close();

  /** Refuses a frame, counted with its header, that is too large to send. */
  static void requireFits(long length) {
    if (length > Limits.FRAME_BYTES_MAX) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "a frame of " + length + " bytes exceeds the " + Limits.FRAME_BYTES_MAX + " allowed");
    }
  }

  /** Receives what others sent. Called by the messenger's threads; must not block. */
  interface Inbox {

    /**
     * The bytes are only valid during the call. Calls for one sender come in order, one at a time.
     */
    void onFrame(MemberId from, byte[] buffer, int offset, int length);

    /**
     * The process behind {@code member} has ended, a new one has taken its place, or it is back
     * after it was given up: frames sent to it and not yet answered may never be.
     */
    void onMemberLost(MemberId member);
  }
}
