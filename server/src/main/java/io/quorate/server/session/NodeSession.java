package io.quorate.server.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.LobPart;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.parse.SecretText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session on this node: the turn of its calls, their time, and its end. What they do is {@link
 * SessionWork}'s.
 *
 * <p>Thread-safe: one call runs at a time, the next waits; {@link #cancel} and what the service
 * asks do not.
 */
final class NodeSession implements Session {
  private final Rooms rooms;
  private final String id;
  private final String user;
  private final Runnable onClose;
  private final Instant openedAt;
  private final StatementClock clock;
  private final ReentrantLock busy = new ReentrantLock();

  /** Used under {@link #busy} only, except for what it says of itself. */
  private final SessionWork work;

  /** Signalled when {@link #pending} has ended. */
  private final Condition settled = busy.newCondition();

  @GuardedBy("busy")
  private boolean closed;

  private volatile boolean endsWhenIdle;

  /** The write that is in the log's hands. While there is one, calls wait. */
  @GuardedBy("busy")
  private @Nullable PendingWrite pending;

  private volatile long usedNanos;
  private volatile String running = "";
  private volatile String applicationName = "";

  /**
   * @param work makes what this session does with its clock
   * @param onClose called once
   */
  NodeSession(
      Rooms rooms,
      String id,
      String user,
      Function<StatementClock, SessionWork> work,
      Runnable onClose) {
    this.rooms = rooms;
    this.id = id;
    this.user = user;
    this.onClose = onClose;
    this.openedAt = rooms.clock().instant();
    this.clock = new StatementClock(rooms.after(rooms.config().timeout()));
    this.work = work.apply(clock);
    this.usedNanos = rooms.nanoClock().getAsLong();
  }

  @Override
  public String id() {
    return id;
  }

  /** Runs a call alone and within its time. */
  private <T> T call(String what, Duration timeout, BiFunction<SessionWork, Control, T> body) {
    return call(what, rooms.after(timeout), body);
  }

  private <T> T call(String what, Deadline due, BiFunction<SessionWork, Control, T> body) {
    busy.lock();
    try {
      while (pending != null && !closed) {
        settled.awaitUninterruptibly();
      }
      if (closed) {
        throw new QuorateException(ErrorCode.CONNECTION_CLOSED, "the session is closed");
      }
      running = what;
      return body.apply(work, clock.begin(due));
    } catch (RuntimeException e) {
      work.failed(e);
      throw e;
    } finally {
      running = "";
      applicationName = work.settings().applicationName();
      usedNanos = rooms.nanoClock().getAsLong();
      busy.unlock();
    }
  }

  /** As {@link #call} for what has no timeout of its own. */
  private <T> T call(String what, BiFunction<SessionWork, Control, T> body) {
    return call(what, rooms.config().timeout(), body);
  }

  private void run(String what, BiConsumer<SessionWork, Control> body) {
    var unused =
        call(
            what,
            (work, control) -> {
              body.accept(work, control);
              return true;
            });
  }

  @Override
  public Description describe(String sql, long readAfter) {
    return call(sql, (work, control) -> work.describe(sql, readAfter, control));
  }

  @Override
  public StatementResult execute(StatementRequest request) {
    return call(
        request.sql(), request.timeout(), (work, control) -> work.execute(request, control));
  }

  @Override
  public Optional<StatementResult> tryExecute(StatementRequest request) {
    if (!busy.tryLock()) {
      return Optional.empty();
    }
    try {
      if (closed || pending != null) {
        return Optional.empty();
      }
      running = request.sql();
      return work.tryExecute(request);
    } finally {
      running = "";
      usedNanos = rooms.nanoClock().getAsLong();
      busy.unlock();
    }
  }

  @Override
  public Optional<PendingWrite> tryWrite(StatementRequest request) {
    if (!busy.tryLock()) {
      return Optional.empty();
    }
    try {
      if (closed || pending != null) {
        return Optional.empty();
      }
      Deadline due = due(request);
      CompletableFuture<Executed> written = work.tryWrite(request, due);
      if (written == null) {
        return Optional.empty();
      }
      PendingWrite begun = new PendingWrite(request, due, new CompletableFuture<>());
      pending = begun;
      running = request.sql();
      var unused = written.whenComplete((executed, problem) -> end(begun, executed, problem));
      return Optional.of(begun);
    } finally {
      usedNanos = rooms.nanoClock().getAsLong();
      busy.unlock();
    }
  }

  /** The shorter of the time of the call and of the session. */
  private Deadline due(StatementRequest request) {
    Duration setting = work.settings().queryTimeout();
    boolean shorter = !setting.isZero() && setting.compareTo(request.timeout()) < 0;
    return rooms.after(shorter ? setting : request.timeout());
  }

  /** Does not block: while a write is pending, nobody holds {@link #busy} for long. */
  @SuppressWarnings("ReferenceEquality") // this very write, or another one
  private void end(PendingWrite write, @Nullable Executed executed, @Nullable Throwable problem) {
    StatementResult result = null;
    busy.lock();
    try {
      // Its time may have been over.
      if (pending == write) {
        pending = null;
        running = "";
        usedNanos = rooms.nanoClock().getAsLong();
        settled.signalAll();
        result = executed == null ? null : work.answer(executed);
      }
    } finally {
      busy.unlock();
    }
    if (result != null) {
      write.answer().complete(result);
    } else if (problem != null) {
      write.answer().completeExceptionally(problem);
    }
  }

  @Override
  public StatementResult settle(PendingWrite write, Throwable failure) {
    return call(
        write.request().sql(),
        write.due(),
        (work, control) -> work.settle(write.request(), ErrorMapper.map(failure), control));
  }

  @Override
  public BatchResult executeBatch(
      StatementRequest request, List<List<@Nullable Object>> parameters) {
    return call(
        request.sql(),
        request.timeout(),
        (work, control) -> work.executeBatch(request, parameters, control));
  }

  @Override
  public RowBatch fetch(long cursor, int rowsMax) {
    return call("FETCH", (work, control) -> work.fetch(cursor, rowsMax));
  }

  @Override
  public byte[] readValue(long cursor, long id, long offset, int countMax) {
    return call(
        "READ VALUE",
        (work, control) -> work.readValue(cursor, new Cursors.Part(id, offset, countMax)));
  }

  @Override
  public void writeValue(long id, long offset, byte[] bytes, boolean last) {
    LobPart part = new LobPart(id, offset, bytes, last);
    run("WRITE VALUE", (work, control) -> work.writeValue(part, control));
  }

  @Override
  public void closeCursor(long cursor) {
    run("CLOSE", (work, control) -> work.closeCursor(cursor));
  }

  @Override
  public void cancel() {
    clock.cancel();
  }

  @Override
  public StatementResult commit(WriteIdentity identity) {
    return call("COMMIT", (work, control) -> work.commit(identity, control));
  }

  @Override
  public void rollback() {
    run("ROLLBACK", (work, control) -> work.rollbackOpen());
  }

  @Override
  public void savepoint(SavepointStep step, String name, long readAfter, Duration timeout) {
    var unused =
        call(
            "SAVEPOINT",
            timeout,
            (work, control) -> {
              work.savepoint(step, name, readAfter, control);
              return true;
            });
  }

  @Override
  public void set(String setting, String value) {
    run("SET", (work, control) -> work.set(setting, value, control));
  }

  @Override
  public String get(String setting) {
    return call("SHOW", (work, control) -> work.settings().get(setting));
  }

  @Override
  public long revision() {
    return work.revision();
  }

  @Override
  public boolean inTransaction() {
    return work.inTransaction();
  }

  @Override
  public RowBatch metadata(MetadataQuery query, long readAfter) {
    return call("METADATA", (work, control) -> work.metadata(query, readAfter, control));
  }

  /** Ends what runs, and then the session. */
  @Override
  public void close() {
    clock.cancel();
    busy.lock();
    try {
      closeNow();
    } finally {
      busy.unlock();
    }
  }

  @GuardedBy("busy")
  private void closeNow() {
    if (!closed) {
      closed = true;
      settled.signalAll();
      work.close();
      onClose.run();
    }
  }

  /** The values of sequences that it was given last. */
  DrawnValues drawn() {
    return work.drawn();
  }

  /** For a session whose other end is on a member that may be gone without a word. */
  void endWhenIdle() {
    endsWhenIdle = true;
  }

  /** Closes the session, or cursors of it, if nobody has used it for long. Called by the timer. */
  void expire(long nowNanos) {
    if (!busy.tryLock()) {
      return;
    }
    try {
      PendingWrite write = pending;
      if (write != null) {
        expire(write);
      } else if (endsWhenIdle && nowNanos - usedNanos > rooms.config().sessionIdle().toNanos()) {
        closeNow();
      } else {
        work.expireCursors(nowNanos);
      }
    } finally {
      busy.unlock();
    }
  }

  @GuardedBy("busy")
  private void expire(PendingWrite write) {
    if (write.due().expired()) {
      end(
          write,
          null,
          new QuorateException(
              ErrorCode.OUTCOME_UNKNOWN,
              "the time is over while the write is in the log's hands; it may still commit"));
    }
  }

  /** What SYSTEM.SESSIONS shows. */
  @Nullable Object[] facts(long nowNanos) {
    String now = running;
    return new @Nullable Object[] {
      id.substring(0, Math.min(id.length(), SessionIds.SHOWN)),
      user,
      applicationName,
      SessionTables.timestamp(openedAt),
      now.isEmpty() ? (nowNanos - usedNanos) / 1_000_000 : 0L,
      work.inTransaction(),
      now.isEmpty() ? null : SecretText.shown(now)
    };
  }
}
