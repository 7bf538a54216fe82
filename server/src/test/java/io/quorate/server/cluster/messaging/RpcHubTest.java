package io.quorate.server.cluster.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.RpcHub.RaftMessage;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RpcHubTest {
  private static final MemberId A = new MemberId("a", 1);
  private static final MemberId B = new MemberId("b", 2);
  private static final byte TYPE = 7;

  private final AtomicLong now = new AtomicLong();
  private final ManualTimer timer = new ManualTimer();
  private final FakeMessenger toA = new FakeMessenger(A);
  private final FakeMessenger toB = new FakeMessenger(B);
  private Executor answersOfB = Runnable::run;
  private final RpcHub a = hub(toA, Runnable::run);
  private final RpcHub b = hub(toB, task -> answersOfB.execute(task));

  private RpcHub hub(FakeMessenger messenger, Executor answers) {
    return new RpcHub(messenger, new RpcHub.Threads(timer, answers, Runnable::run), now::get, 1000);
  }

  @BeforeEach
  void open() {
    toA.peer = toB;
    toB.peer = toA;
    a.open();
    b.open();
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
    timer.shutdownNow();
  }

  @Test
  void a_question_gets_its_answer() {
    b.answerWith(
        (from, question) -> CompletableFuture.completedFuture(bytes(from + text(question))));

    assertThat(ask("?")).isCompletedWithValueMatching(answer -> text(answer).equals("a:1?"));
    assertThat(a.pendingCalls(B)).isZero();
  }

  @Test
  void a_question_times_out_at_its_deadline_and_its_late_answer_is_dropped() {
    CompletableFuture<byte[]> slow = new CompletableFuture<>();
    b.answerWith((from, question) -> slow);
    CompletableFuture<byte[]> answer = ask("?");

    pass(Duration.ofMillis(950));
    assertThat(answer).isNotDone();
    pass(Duration.ofMillis(50));
    assertFailed(answer, ErrorCode.OUTCOME_UNKNOWN);

    slow.complete(bytes("late"));
    assertFailed(answer, ErrorCode.OUTCOME_UNKNOWN);
  }

  @Test
  void answers_that_came_while_the_jvm_stood_still_are_taken_before_time_outs() {
    b.answerWith((from, question) -> new CompletableFuture<>());
    CompletableFuture<byte[]> answered = ask("?");
    byte[] late = toA.lastSentAs(Frame.ANSWER);
    CompletableFuture<byte[]> unanswered = ask("?");

    now.addAndGet(Duration.ofSeconds(3).toNanos());
    timer.scan();
    toA.receive(B, late);
    timer.scan();

    assertThat(answered).isCompleted();
    assertFailed(unanswered, ErrorCode.OUTCOME_UNKNOWN);
  }

  @Test
  void a_long_call_that_the_other_side_does_not_know_ends_soon() {
    Recorder recorder = new Recorder();
    b.serveRaft(new Silent(true));
    a.callRaft(B, message("snapshot"), Duration.ofMinutes(5), recorder);
    pass(Duration.ofSeconds(10));
    assertThat(recorder.events).isEmpty();

    b.serveRaft(new Silent(false));
    pass(Duration.ofSeconds(2));

    assertThat(recorder.events).containsExactly("REFUSED");
    assertThat(a.pendingCalls(B)).isZero();
  }

  @Test
  void a_short_call_is_not_asked_after() {
    Recorder recorder = new Recorder();
    b.serveRaft(new Silent(false));
    a.callRaft(B, message("append"), Duration.ofMillis(1500), recorder);

    pass(Duration.ofMillis(1450));
    assertThat(recorder.events).isEmpty();
    pass(Duration.ofMillis(50));
    assertThat(recorder.events).containsExactly("TIMED_OUT");
  }

  @Test
  void the_loss_of_a_member_fails_its_calls_and_no_others() {
    b.answerWith((from, question) -> new CompletableFuture<>());
    CompletableFuture<byte[]> answer = ask("?");

    toA.lose(new MemberId("c", 3));
    assertThat(answer).isNotDone();
    toA.lose(B);

    assertFailed(answer, ErrorCode.OUTCOME_UNKNOWN);
  }

  @Test
  void a_responder_s_failure_travels_with_its_code() {
    b.answerWith(
        (from, question) -> {
          throw new QuorateException(ErrorCode.STORAGE_FULL, "no room");
        });

    assertFailed(ask("?"), ErrorCode.STORAGE_FULL);
  }

  @Test
  void a_full_pool_of_answers_refuses_the_question() {
    b.answerWith((from, question) -> CompletableFuture.completedFuture(question));
    answersOfB =
        task -> {
          throw new RejectedExecutionException();
        };

    assertFailed(ask("?"), ErrorCode.OVERLOADED);
  }

  @Test
  void calls_to_one_member_are_bounded() {
    b.answerWith((from, question) -> new CompletableFuture<>());
    List<CompletableFuture<byte[]>> waiting = new ArrayList<>();
    for (int i = 0; i < Limits.PENDING_CALLS_PER_MEMBER; i++) {
      waiting.add(ask("?"));
    }
    assertThat(waiting).noneMatch(CompletableFuture::isDone);

    assertFailed(ask("one too many"), ErrorCode.OVERLOADED);

    toA.lose(B);
    assertThat(ask("again")).isNotDone();
  }

  @Test
  void a_frame_that_is_too_large_is_refused_before_it_is_sent() {
    int sent = toA.sent.size();

    CompletableFuture<byte[]> answer =
        a.ask(B, new byte[Limits.FRAME_BYTES_MAX], Deadline.after(Duration.ofSeconds(1), now::get));

    assertFailed(answer, ErrorCode.LIMIT_EXCEEDED);
    assertThat(toA.sent).hasSize(sent);
    assertThat(a.pendingCalls(B)).isZero();
  }

  @Test
  void a_consensus_call_carries_type_and_message_both_ways() {
    b.serveRaft(new Echo(b));
    Recorder recorder = new Recorder();

    a.callRaft(B, message("ping"), Duration.ofSeconds(1), recorder);

    assertThat(recorder.events).containsExactly("7 ping");
  }

  @Test
  void a_consensus_call_is_refused_where_no_consensus_is_open() {
    Recorder recorder = new Recorder();

    a.callRaft(B, message("ping"), Duration.ofSeconds(1), recorder);

    assertThat(recorder.events).containsExactly("REFUSED");
  }

  @Test
  void a_repeated_response_ends_a_call_once() {
    b.serveRaft(new Echo(b));
    toB.copies = 3;
    Recorder recorder = new Recorder();

    a.callRaft(B, message("ping"), Duration.ofSeconds(1), recorder);

    assertThat(recorder.events).hasSize(1);
  }

  @Test
  void a_muted_node_neither_sends_nor_hears_and_its_calls_fail() {
    b.answerWith((from, question) -> CompletableFuture.completedFuture(question));
    b.serveRaft(new Echo(b));
    toB.peer = null;
    CompletableFuture<byte[]> waiting = ask("?");
    toB.peer = toA;

    a.mute();
    int sent = toA.sent.size();
    CompletableFuture<byte[]> refused = ask("?");
    toA.receive(B, new byte[] {Frame.QUESTION, 0, 0, 0, 0, 0, 0, 0, 1, 'x'});
    assertThatThrownBy(() -> a.callRaft(B, message("x"), Duration.ofSeconds(1), new Recorder()))
        .isInstanceOf(QuorateException.class);
    timer.scan();

    assertThat(toA.sent).hasSize(sent);
    assertFailed(refused, ErrorCode.CANCELLED);
    assertFailed(waiting, ErrorCode.CANCELLED);
  }

  @Test
  void closing_fails_what_waits_and_refuses_what_comes() {
    b.answerWith((from, question) -> new CompletableFuture<>());
    CompletableFuture<byte[]> waiting = ask("?");

    a.close();

    assertFailed(waiting, ErrorCode.CANCELLED);
    assertFailed(ask("?"), ErrorCode.CANCELLED);
  }

  @Test
  void garbage_is_survived_and_disturbs_no_later_call() {
    b.answerWith((from, question) -> CompletableFuture.completedFuture(question));
    b.serveRaft(new Echo(b));
    SplittableRandom random = new SplittableRandom(20261121);
    for (int i = 0; i < 50_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = (byte) random.nextInt(7);
      }
      assertThatCode(() -> toB.receive(A, noise)).doesNotThrowAnyException();
      assertThatCode(() -> toA.receive(B, noise)).doesNotThrowAnyException();
    }

    assertThat(ask("still there?"))
        .isCompletedWithValueMatching(answer -> text(answer).equals("still there?"));
    Recorder recorder = new Recorder();
    a.callRaft(B, message("ping"), Duration.ofSeconds(1), recorder);
    assertThat(recorder.events).containsExactly("7 ping");
  }

  @Test
  void garbage_for_a_waiting_call_of_another_id_leaves_it_waiting() {
    b.answerWith((from, question) -> new CompletableFuture<>());
    CompletableFuture<byte[]> waiting = ask("?");

    toA.receive(B, new byte[] {Frame.ANSWER, 9, 9, 9, 9, 9, 9, 9, 9, 'x'});
    toA.receive(new MemberId("c", 3), toA.lastSentAs(Frame.ANSWER));
    assertThat(waiting).isNotDone();
    toA.receive(B, toA.lastSentAs(Frame.ANSWER));

    assertThat(waiting).isCompleted();
  }

  private void pass(Duration time) {
    for (long millis = 0; millis < time.toMillis(); millis += 50) {
      now.addAndGet(Duration.ofMillis(50).toNanos());
      timer.scan();
    }
  }

  private CompletableFuture<byte[]> ask(String question) {
    return a.ask(B, bytes(question), Deadline.after(Duration.ofSeconds(1), now::get));
  }

  private static void assertFailed(CompletableFuture<byte[]> answer, ErrorCode code) {
    assertThatThrownBy(() -> answer.get(0, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static RaftMessage message(String text) {
    return new RaftMessage(TYPE, BytesValue.of(ByteString.copyFromUtf8(text)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Answers with the message it got, or fails as a parser would. */
  private record Echo(RpcHub hub) implements RpcHub.RaftInbox {
    @Override
    public void onRequest(MemberId from, long callId, byte[] buffer, int offset, int length) {
      try {
        hub.answerRaft(from, callId, message(valueOf(buffer, offset, length)));
      } catch (RuntimeException e) {
        hub.refuse(from, callId, ErrorCode.INTERNAL_ERROR, "not understood");
      }
    }

    @Override
    public boolean isUnderWay(MemberId from, long callId) {
      return false;
    }

    @Override
    public void onMemberLost(MemberId member) {}
  }

  /** Takes requests and says nothing, as where the answer is lost on its way. */
  private record Silent(boolean isUnderWay) implements RpcHub.RaftInbox {
    @Override
    public void onRequest(MemberId from, long callId, byte[] buffer, int offset, int length) {}

    @Override
    public boolean isUnderWay(MemberId from, long callId) {
      return isUnderWay;
    }

    @Override
    public void onMemberLost(MemberId member) {}
  }

  private static String valueOf(byte[] buffer, int offset, int length) {
    try {
      return BytesValue.parser()
          .parseFrom(buffer, offset + 1, length - 1)
          .getValue()
          .toStringUtf8();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Recorder implements RpcHub.RaftCallback {
    final List<String> events = new ArrayList<>();

    @Override
    public void onResponse(byte[] buffer, int offset, int length) {
      events.add(buffer[offset] + " " + valueOf(buffer, offset, length));
    }

    @Override
    public void onFailure(CallFailure failure) {
      events.add(failure.kind().name());
    }
  }

  /** Runs the scan when told to. */
  private static final class ManualTimer extends ScheduledThreadPoolExecutor {
    private final List<Runnable> scans = new ArrayList<>();

    ManualTimer() {
      super(1);
    }

    @Override
    public java.util.concurrent.ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long initialDelay, long delay, TimeUnit unit) {
      scans.add(task);
      return super.schedule(() -> {}, 1, TimeUnit.DAYS);
    }

    void scan() {
      scans.forEach(Runnable::run);
    }
  }
}
