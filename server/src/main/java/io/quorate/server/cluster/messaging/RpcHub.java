package io.quorate.server.cluster.messaging;

import com.google.protobuf.MessageLite;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests and responses over frames that may be lost: for the consensus, whose messages are typed
 * protobufs, and for {@link Peers}, whose questions are bytes. Every call ends exactly once: with
 * its answer, an error of the other side, its deadline, the loss of the member, or the end of this
 * hub. A consensus call that may take minutes is asked after: where the other side knows nothing of
 * it any more, its request or its answer was lost, and it ends now.
 *
 * <p>Cost of a consensus call: one array, into which the message is serialised once behind its
 * header, one object for the waiting call, and one compare-and-set each to put it down and to take
 * it up. The receiver parses from the messenger's buffer in place. No locks and no other copies;
 * the time-outs are found by a scan, 50 ms apart, that does not touch a call which is not due.
 *
 * <p>Thread-safe. Frames of all kinds that come from outside are taken as they are: what cannot be
 * understood is dropped or answered with an error, and disturbs no other call.
 */
public final class RpcHub implements Peers, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RpcHub.class);
  private static final Duration STALL = Limits.TIMEOUT_SCAN_INTERVAL.multipliedBy(3);
  private static final CallFailure CLOSED =
      new CallFailure(
          CallFailure.Kind.CLOSED, ErrorCode.CANCELLED, "this node takes no further part");

  private final Messenger messenger;
  private final Threads threads;
  private final LongSupplier nanoClock;
  private final long firstCallId;
  private final ConcurrentHashMap<MemberId, PendingCalls> pending = new ConcurrentHashMap<>();
  private volatile boolean muted;
  private volatile boolean closed;
  private volatile @Nullable Responder responder;
  private volatile @Nullable RaftInbox raftInbox;
  private volatile @Nullable Future<?> scan;

  /** When time-outs were looked for last; confined to the scan. */
  private long scannedNanos;

  /**
   * @param nanoClock monotonic, the one that deadlines stand on
   * @param firstCallId drawn at random at each start, so that an answer to this member's former
   *     process is nobody's
   */
  public RpcHub(Messenger messenger, Threads threads, LongSupplier nanoClock, long firstCallId) {
    this.messenger = messenger;
    this.threads = threads;
    this.nanoClock = nanoClock;
    this.firstCallId = firstCallId;
  }

  /**
   * The threads that the node lends.
   *
   * @param timeouts runs the scan
   * @param answers runs the responder; bounded, and refuses by {@link RejectedExecutionException}
   * @param notifier completes the futures of questions
   */
  public record Threads(ScheduledExecutorService timeouts, Executor answers, Executor notifier) {}

  /** Opens the messenger and begins to watch time-outs. */
  public void open() {
    long interval = Limits.TIMEOUT_SCAN_INTERVAL.toMillis();
    scannedNanos = nanoClock.getAsLong();
    scan =
        threads
            .timeouts()
            .scheduleWithFixedDelay(this::expireCalls, interval, interval, TimeUnit.MILLISECONDS);
    messenger.open(new Incoming());
  }

  /** Closes the messenger and fails every call that waits. Idempotent. */
  @Override
  public void close() {
    closed = true;
    Future<?> running = scan;
    if (running != null) {
      running.cancel(false);
    }
    messenger.close();
    pending.values().forEach(calls -> calls.failAll(CLOSED));
  }

  /**
   * From now on nothing leaves or enters; for a node that can no longer keep its promises, such as
   * one whose vote file has failed. Only a frame whose sending had begun may still go. May be
   * called from any thread and never blocks; the waiting calls are failed by the next scan.
   */
  public void mute() {
    if (!muted) {
      muted = true;
      log.atError().addKeyValue("member", messenger.self()).log("node muted");
    }
  }

  public MemberId self() {
    return messenger.self();
  }

  /** Whether an address of the member is known. */
  public boolean knows(MemberId member) {
    return messenger.knows(member);
  }

  // Questions

  /** {@inheritDoc} The future completes on the notifier. */
  @Override
  public CompletableFuture<byte[]> ask(MemberId member, byte[] question, Deadline deadline) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    try {
      byte[] frame = Frame.bytes(Frame.QUESTION, question);
      long now = nanoClock.getAsLong();
      long dueNanos = now + deadline.remaining().toNanos();
      call(member, frame, new PendingQuestion(member, now, dueNanos, answer));
    } catch (QuorateException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  @Override
  public void answerWith(Responder newResponder) {
    responder = newResponder;
  }

  // Consensus

  /** Sets who takes the requests of other members' consensus. */
  public void serveRaft(RaftInbox newInbox) {
    raftInbox = newInbox;
  }

  /**
   * Calls the consensus of {@code to}. The callback comes from a thread of the messenger or of the
   * scan, never from within this call.
   *
   * @throws QuorateException when nothing was sent: the frame is too large, too many calls wait, or
   *     this hub is closed
   */
  public void callRaft(MemberId to, RaftMessage request, Duration timeout, RaftCallback callback) {
    byte[] frame = Frame.raft(Frame.RAFT_REQUEST, request.type(), request.message());
    long now = nanoClock.getAsLong();
    call(to, frame, new PendingRaft(now, now + timeout.toNanos(), callback));
  }

  /** Answers a request of {@link RaftInbox#onRequest}. */
  public void answerRaft(MemberId to, long callId, RaftMessage response) {
    byte[] frame = Frame.raft(Frame.RAFT_RESPONSE, response.type(), response.message());
    Frame.setCallId(frame, callId);
    send(to, frame);
  }

  /** Ends a call of another member with an error. */
  public void refuse(MemberId to, long callId, ErrorCode code, String message) {
    byte[] frame = Frame.error(code, message);
    Frame.setCallId(frame, callId);
    send(to, frame);
  }

  /** A message of the consensus and the byte that tells its type on the wire. */
  public record RaftMessage(byte type, MessageLite message) {}

  /** Takes requests of other members' consensus. */
  public interface RaftInbox {
    /** On a messenger's thread, in order for each sender; the bytes only last for the call. */
    void onRequest(MemberId from, long callId, byte[] buffer, int offset, int length);

    /** Whether a request that may take long is not answered yet. By any thread. */
    boolean isUnderWay(MemberId from, long callId);

    /** See {@link Messenger.Inbox#onMemberLost}. */
    void onMemberLost(MemberId member);
  }

  /** Told the end of a consensus call, by exactly one of its methods; must not block. */
  public interface RaftCallback {
    /** The type byte and the message; the bytes only last for the call. */
    void onResponse(byte[] buffer, int offset, int length);

    void onFailure(CallFailure failure);
  }

  // Out

  private void call(MemberId to, byte[] frame, PendingCalls.Pending call) {
    if (closed || muted) {
      throw new QuorateException(CLOSED.code(), CLOSED.message());
    }
    PendingCalls calls = pendingOf(to);
    if (!calls.add(call)) {
      throw new QuorateException(
          ErrorCode.OVERLOADED, "too many calls to " + to + " wait for an answer");
    }
    Frame.setCallId(frame, call.id);
    send(to, frame);
    if (closed && calls.take(call.id) != null) {
      // It was added behind the sweep of close().
      throw new QuorateException(CLOSED.code(), CLOSED.message());
    }
  }

  private PendingCalls pendingOf(MemberId member) {
    PendingCalls calls = pending.get(member);
    return calls != null
        ? calls
        : pending.computeIfAbsent(
            member, m -> new PendingCalls(Limits.PENDING_CALLS_PER_MEMBER, firstCallId));
  }

  private void send(MemberId to, byte[] frame) {
    if (!muted && !closed) {
      messenger.send(to, frame, 0, frame.length);
    }
  }

  /** How many calls to the member wait; for tests and gauges. */
  public int pendingCalls(MemberId member) {
    PendingCalls calls = pending.get(member);
    return calls == null ? 0 : calls.count();
  }

  private void expireCalls() {
    try {
      if (muted) {
        pending.values().forEach(calls -> calls.failAll(CLOSED));
        return;
      }
      long now = nanoClock.getAsLong();
      boolean stalled = now - scannedNanos > STALL.toNanos();
      scannedNanos = now;
      if (stalled) {
        // This JVM stood still; the answers that came meanwhile get until the next scan to be read.
        return;
      }
      pending.forEach((member, calls) -> expireCalls(member, calls, now));
    } catch (RuntimeException e) {
      // An exception would end the schedule, and with it every time-out.
      log.atError().setCause(e).log("time-outs not handled");
    }
  }

  private void expireCalls(MemberId member, PendingCalls calls, long now) {
    calls.expire(now, timedOut(member));
    calls.remind(
        now,
        Limits.REMINDER_INTERVAL.toNanos(),
        call -> {
          if (call instanceof PendingRaft) {
            send(member, Frame.reminder(call.id));
          }
        });
  }

  private static CallFailure timedOut(MemberId member) {
    return new CallFailure(
        CallFailure.Kind.TIMED_OUT,
        ErrorCode.OUTCOME_UNKNOWN,
        "no answer from " + member + " within the time allowed");
  }

  // In

  private final class Incoming implements Messenger.Inbox {

    @Override
    public void onFrame(MemberId from, byte[] buffer, int offset, int length) {
      if (muted || closed || length < Frame.HEAD_BYTES) {
        return;
      }
      byte kind = buffer[offset];
      switch (kind) {
        case Frame.RAFT_REQUEST -> raftRequest(from, buffer, offset, length);
        case Frame.QUESTION -> question(from, buffer, offset, length);
        case Frame.REMINDER -> reminder(from, Frame.callId(buffer, offset));
        case Frame.RAFT_RESPONSE, Frame.ANSWER, Frame.ERROR ->
            response(from, buffer, offset, length);
        default -> log.atDebug().addKeyValue("from", from).log("frame of an unknown kind");
      }
    }

    @Override
    public void onMemberLost(MemberId member) {
      PendingCalls calls = pending.get(member);
      if (calls != null) {
        calls.failAll(
            new CallFailure(
                CallFailure.Kind.MEMBER_LOST,
                ErrorCode.OUTCOME_UNKNOWN,
                "member " + member + " was lost before it answered"));
      }
      RaftInbox raft = raftInbox;
      if (raft != null && !muted && !closed) {
        raft.onMemberLost(member);
      }
    }

    private void raftRequest(MemberId from, byte[] buffer, int offset, int length) {
      long callId = Frame.callId(buffer, offset);
      RaftInbox raft = raftInbox;
      if (raft == null) {
        refuse(from, callId, ErrorCode.NO_LEADER, "the consensus is not open yet");
        return;
      }
      try {
        raft.onRequest(from, callId, buffer, offset + Frame.HEAD_BYTES, length - Frame.HEAD_BYTES);
      } catch (RuntimeException e) {
        log.atWarn().addKeyValue("from", from).setCause(e).log("consensus request not handled");
        refuse(from, callId, ErrorCode.INTERNAL_ERROR, "request not handled: " + e.getMessage());
      }
    }

    private void reminder(MemberId from, long callId) {
      RaftInbox raft = raftInbox;
      if (raft == null || !raft.isUnderWay(from, callId)) {
        refuse(from, callId, ErrorCode.CANCELLED, "no such call is under way");
      }
    }

    private void response(MemberId from, byte[] buffer, int offset, int length) {
      PendingCalls calls = pending.get(from);
      if (calls == null) {
        return;
      }
      PendingCalls.Pending call = calls.take(Frame.callId(buffer, offset));
      if (call == null) {
        // Late or twice; its call has ended.
        return;
      }
      byte kind = buffer[offset];
      if (kind == Frame.ERROR) {
        call.fail(Frame.failure(buffer, offset, length));
      } else if (call.expects(kind)) {
        call.answer(buffer, offset + Frame.HEAD_BYTES, length - Frame.HEAD_BYTES);
      } else {
        call.fail(
            new CallFailure(
                CallFailure.Kind.REFUSED,
                ErrorCode.INTERNAL_ERROR,
                "an answer of another kind from " + from));
      }
    }

    private void question(MemberId from, byte[] buffer, int offset, int length) {
      long callId = Frame.callId(buffer, offset);
      byte[] question = Arrays.copyOfRange(buffer, offset + Frame.HEAD_BYTES, offset + length);
      try {
        threads.answers().execute(() -> answer(from, callId, question));
      } catch (RejectedExecutionException e) {
        refuse(from, callId, ErrorCode.OVERLOADED, "too many questions wait for an answer");
      }
    }
  }

  private void answer(MemberId from, long callId, byte[] question) {
    Responder answering = responder;
    if (answering == null) {
      refuse(from, callId, ErrorCode.OVERLOADED, "the node is not open yet");
      return;
    }
    CompletableFuture<byte[]> answer;
    try {
      answer = answering.answer(from, question);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var unused =
        answer.whenComplete(
            (payload, failure) -> {
              if (failure != null) {
                refuse(from, callId, failure);
              } else {
                sendAnswer(from, callId, payload);
              }
            });
  }

  private void sendAnswer(MemberId from, long callId, byte[] payload) {
    try {
      byte[] frame = Frame.bytes(Frame.ANSWER, payload);
      Frame.setCallId(frame, callId);
      send(from, frame);
    } catch (QuorateException e) {
      refuse(from, callId, e);
    }
  }

  private void refuse(MemberId to, long callId, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    ErrorCode code =
        cause instanceof QuorateException known ? known.code() : ErrorCode.INTERNAL_ERROR;
    if (code == ErrorCode.INTERNAL_ERROR) {
      log.atWarn().addKeyValue("from", to).setCause(cause).log("question not answered");
    }
    refuse(to, callId, code, String.valueOf(cause.getMessage()));
  }

  // Waiting calls

  private static final class PendingRaft extends PendingCalls.Pending {
    private final RaftCallback callback;

    PendingRaft(long begunNanos, long dueNanos, RaftCallback callback) {
      super(begunNanos, dueNanos);
      this.callback = callback;
    }

    @Override
    boolean expects(byte kind) {
      return kind == Frame.RAFT_RESPONSE;
    }

    @Override
    void answer(byte[] buffer, int offset, int length) {
      try {
        callback.onResponse(buffer, offset, length);
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("consensus response not handled");
      }
    }

    @Override
    void fail(CallFailure failure) {
      try {
        callback.onFailure(failure);
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("consensus call's failure not handled");
      }
    }
  }

  private final class PendingQuestion extends PendingCalls.Pending {
    private final MemberId member;
    private final CompletableFuture<byte[]> future;

    PendingQuestion(
        MemberId member, long begunNanos, long dueNanos, CompletableFuture<byte[]> future) {
      super(begunNanos, dueNanos);
      this.member = member;
      this.future = future;
    }

    @Override
    boolean expects(byte kind) {
      return kind == Frame.ANSWER;
    }

    @Override
    void answer(byte[] buffer, int offset, int length) {
      byte[] payload = Arrays.copyOfRange(buffer, offset, offset + length);
      end(() -> future.complete(payload));
    }

    @Override
    void fail(CallFailure failure) {
      String text =
          failure.kind() == CallFailure.Kind.REFUSED
              ? member + ": " + failure.message()
              : failure.message();
      end(() -> future.completeExceptionally(new QuorateException(failure.code(), text)));
    }

    private void end(Runnable completion) {
      try {
        threads.notifier().execute(completion);
      } catch (RejectedExecutionException e) {
        // The node is closing; whoever waits must learn it all the same.
        completion.run();
      }
    }
  }
}
