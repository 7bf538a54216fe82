package io.quorate.server.frontend.wire;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Authenticate;
import io.quorate.driver.wire.CloseCursor;
import io.quorate.driver.wire.Commit;
import io.quorate.driver.wire.Describe;
import io.quorate.driver.wire.Done;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.ExecuteBatch;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Fetch;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.MetadataCall;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.ReadValue;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.RowSet;
import io.quorate.driver.wire.Rows;
import io.quorate.driver.wire.SavepointCall;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.SetSettings;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.ValuePart;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WriteValue;
import io.quorate.server.frontend.wire.WireEntry.Entered;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.EntryRefused;
import io.quorate.server.session.BatchResult;
import io.quorate.server.session.Description;
import io.quorate.server.session.GeneratedKeys;
import io.quorate.server.session.MetadataAnswers;
import io.quorate.server.session.MetadataQuery;
import io.quorate.server.session.PendingWrite;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.Shown;
import io.quorate.server.session.Staleness;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.StatementService;
import io.quorate.server.session.Topology;
import io.quorate.sql.lang.SavepointStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one connection of the driver is on the node: a session from WELCOME on, and its cursors.
 * Confined: one message at a time, except {@link #cancel}.
 *
 * <pre>
 *  HELLO ─▶ WELCOME                                where nobody has a password
 *  HELLO ─▶ CHALLENGE, AUTHENTICATE ─▶ WELCOME     else
 * </pre>
 *
 * <p>Before WELCOME nothing is told of node or cluster, and the first failure ends the connection.
 */
public final class WireSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WireSession.class);

  private final StatementService service;
  private final WireEntry entry;
  private final String version;
  private final WireCursors cursors = new WireCursors();
  private final Signatures signatures = new Signatures();
  private volatile @Nullable Session session;
  private Map<String, String> known = Map.of();
  private long revision;
  private long toldEpoch = Long.MIN_VALUE;

  /**
   * Nothing is open before HELLO.
   *
   * @param address of the client, for the log
   */
  public WireSession(StatementService service, Entrance entrance, String version, String address) {
    this.service = service;
    this.entry = new WireEntry(entrance, address);
    this.version = version;
  }

  /**
   * An answer.
   *
   * @param message empty for a request that gets none
   * @param last whether the connection is to be closed behind it
   * @param delay how long it is held back
   */
  public record Reply(Optional<Message> message, boolean last, Duration delay) {
    Reply(Optional<Message> message, boolean last) {
      this(message, last, Duration.ZERO);
    }
  }

  /** Reads and runs a request. Blocks; whatever happens becomes an answer. */
  public Reply answer(WireRequest request) {
    return answered(() -> Optional.of(new Reply(run(request.message()), false))).orElseThrow();
  }

  /**
   * As {@link #answer} for a statement that {@linkplain Session#tryExecute neither waits nor takes
   * long}. Never blocks.
   *
   * @return empty for any other request; nothing was done then
   */
  public Optional<Reply> tryAnswer(WireRequest request) {
    Session open = session;
    return open == null
        ? Optional.empty()
        : answered(
            () ->
                request.message() instanceof Execute execute && execute.settings().isEmpty()
                    ? open.tryExecute(WireForms.request(execute))
                        .map(result -> new Reply(Optional.of(rows(open, execute, result)), false))
                    : Optional.empty());
  }

  /**
   * Begins a write that {@linkplain Session#tryWrite neither waits nor takes long}. Never blocks.
   * No other request is taken before its end.
   *
   * @return empty for any other request; nothing was done then
   */
  public Optional<PendingWrite> tryWrite(WireRequest request) {
    Session open = session;
    return open != null
            && request.message() instanceof Execute execute
            && execute.settings().isEmpty()
        ? open.tryWrite(WireForms.request(execute))
        : Optional.empty();
  }

  /** The answer to a write that was begun. */
  public Reply written(StatementResult result) {
    return answered(() -> Optional.of(new Reply(Optional.of(updated(open(), result)), false)))
        .orElseThrow();
  }

  /** The answer to a write that was begun and did not end as it should. Blocks. */
  public Reply settled(PendingWrite write, Throwable failure) {
    return answered(
            () -> {
              Session open = open();
              Message message = updated(open, open.settle(write, failure));
              return Optional.of(new Reply(Optional.of(message), false));
            })
        .orElseThrow();
  }

  private Session open() {
    Session open = session;
    if (open == null) {
      throw new ProtocolException("the first message is HELLO");
    }
    return open;
  }

  /** What an answer takes, which may be a refusal at the door. */
  private interface Work {
    Optional<Reply> run() throws EntryRefused;
  }

  private Optional<Reply> answered(Work work) {
    Map<String, String> before = known;
    try {
      return work.run();
    } catch (EntryRefused e) {
      return Optional.of(
          new Reply(Optional.of(failure(e.toFailure(), SessionState.NOTHING)), true, e.delay()));
    } catch (ProtocolException e) {
      return Optional.of(violation(e));
    } catch (InvariantViolation e) {
      throw e;
    } catch (StackOverflowError e) {
      return Optional.of(
          failed(
              new QuorateException(
                  ErrorCode.LIMIT_EXCEEDED, "the statement is nested too deeply", e),
              before));
    } catch (RuntimeException e) {
      return Optional.of(failed(ErrorMapper.map(e), before));
    }
  }

  /** The answer to bytes that the protocol does not allow. */
  public Reply violation(ProtocolException cause) {
    return new Reply(
        Optional.of(
            failure(
                new QuorateException(
                    ErrorCode.PROTOCOL_VIOLATION, String.valueOf(cause.getMessage()), cause),
                state())),
        true);
  }

  /** The answer to a request that there is no room for. */
  public Reply overloaded() {
    return refused(
        new QuorateException(
            ErrorCode.OVERLOADED, "the node has too many statements at once; try again"));
  }

  /** The answer to a request that is refused before it is read. */
  public Reply refused(QuorateException reason) {
    return new Reply(Optional.of(failure(reason, state())), false);
  }

  /** The answer when the right one cannot be put into a frame. */
  public Reply unsendable(ProtocolException cause) {
    log.atWarn().setCause(cause).log("answer cannot be sent");
    return refused(
        new QuorateException(
            ErrorCode.LIMIT_EXCEEDED, "the answer cannot be sent: " + cause.getMessage(), cause));
  }

  /** Alive; needs no worker. */
  public Reply pong() {
    return new Reply(Optional.of(new Done(state())), false);
  }

  /** Ends what a session runs, as its id allows; needs no worker. */
  public static Reply cancel(StatementService service, String id) {
    service.find(id).ifPresent(Session::cancel);
    return new Reply(Optional.of(new Done(SessionState.NOTHING)), true);
  }

  private Reply failed(QuorateException failure, Map<String, String> before) {
    if (failure.code() == ErrorCode.INTERNAL_ERROR) {
      log.atError().setCause(failure).log("statement failed");
    }
    Session open = session;
    SessionState state =
        open == null ? state() : state(open, revision, service.staleness(), before);
    // A client that was not let in has nothing more to say.
    return new Reply(Optional.of(failure(failure, state)), open == null);
  }

  private Failure failure(QuorateException failure, SessionState state) {
    ErrorCode code = failure.code();
    return new Failure(
        code.sqlState(),
        code.number(),
        String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
        code.retryAdvice(),
        session == null ? "" : WireForms.leaderFor(code, service.topology()),
        new long[0],
        state);
  }

  private Optional<Message> run(Message request) throws EntryRefused {
    if (request instanceof Hello hello) {
      Optional<Entered> entered = entry.greet(hello);
      return Optional.of(entered.isPresent() ? open(entered.get()) : entry.challenge());
    }
    if (request instanceof Authenticate proof) {
      return Optional.of(open(entry.finish(proof)));
    }
    Session open = session;
    if (open == null) {
      throw new ProtocolException("the first message is HELLO, not " + request.type());
    }
    if (request instanceof CloseCursor close) {
      cursors.close(open, close.cursor());
      return Optional.empty();
    }
    return Optional.of(run(open, request));
  }

  private Message run(Session open, Message request) {
    if (request instanceof Execute execute) {
      return execute(open, execute);
    } else if (request instanceof Fetch fetch) {
      WireCursors.Block block = cursors.fetch(open, fetch.cursor(), fetch.rowsMax());
      return new Rows(block.cursor(), state(open, block.shown(), null), block.rows());
    } else if (request instanceof ExecuteBatch batch) {
      return executeBatch(open, batch);
    } else if (request instanceof Describe describe) {
      return describe(open, describe);
    } else if (request instanceof Commit commit) {
      return new Done(state(open, open.commit(WireForms.identity(commit.stamp())).revision()));
    } else if (request.type() == FrameType.ROLLBACK) {
      open.rollback();
      return new Done(state(open, revision));
    } else if (request instanceof SavepointCall call) {
      return savepoint(open, call);
    } else if (request instanceof SetSettings set) {
      set(open, set.settings());
      return new Done(state(open, revision));
    } else if (request instanceof ReadValue read) {
      byte[] part = cursors.readValue(open, read);
      return new ValuePart(part.length < read.bytesMax(), state(open, revision), part);
    } else if (request instanceof WriteValue value) {
      open.writeValue(value.handle(), value.offset(), value.bytes(), value.last());
      return new Done(state(open, revision));
    } else if (request.type() == FrameType.NEXT_RESULT) {
      throw new QuorateException(
          ErrorCode.NOT_SUPPORTED, "this version does not do " + request.type());
    } else if (request instanceof MetadataCall call) {
      return metadata(open, call);
    }
    throw new ProtocolException("a server is not sent " + request.type());
  }

  private Welcome open(Entered entered) {
    Session opened = service.open(new SessionOptions(entered.user, entered.hello.settings()));
    session = opened;
    known = WireForms.settings(opened);
    // It is the base of the client's first write; from 0 on, nobody remembers all requests.
    revision = Math.max(revision, opened.revision());
    Topology topology = service.topology();
    return new Welcome(
        Frame.VERSION,
        0,
        version,
        topology.self(),
        topology.cluster(),
        opened.id(),
        entered.verification,
        known,
        state(opened, revision));
  }

  private void set(Session open, Map<String, String> settings) {
    if (!settings.isEmpty()) {
      settings.forEach(open::set);
      known = WireForms.settings(open);
    }
  }

  private Message execute(Session open, Execute execute) {
    set(open, execute.settings());
    StatementResult result = open.execute(WireForms.request(execute));
    if (result.returnsRows()) {
      return rows(open, execute, result);
    }
    return updated(open, result);
  }

  private Message updated(Session open, StatementResult result) {
    // Only what changes no rows may have been a word to the session, as SET is.
    SessionState state = state(open, result.shown(), result.updateCount() == 0 ? known : null);
    Optional<RowSet> keys = keys(open, result.keys());
    return keys.isEmpty() && !result.keys().isNone()
        ? Result.updatedWithoutKeys(result.updateCount(), state)
        : Result.updated(result.updateCount(), keys.orElse(null), state);
  }

  private Message rows(Session open, Execute execute, StatementResult result) {
    Signature signature = signatures.of(result.columns());
    WireCursors.Block block =
        cursors.open(open, signature, result.rows(), result.shown(), execute.firstRows());
    return Result.rows(
        signature,
        execute.knownSignature(),
        block.rows(),
        block.cursor(),
        state(open, result.shown(), null));
  }

  private Message savepoint(Session open, SavepointCall call) {
    set(open, call.settings());
    open.savepoint(
        SavepointStep.valueOf(call.step().name()),
        call.name(),
        call.readAfter(),
        WireForms.timeout(call.timeoutMillis()));
    return new Done(state(open, revision));
  }

  /** Empty when there are none to be told, or they are not known, or there is no room for them. */
  private Optional<RowSet> keys(Session open, GeneratedKeys keys) {
    if (keys.columns().isEmpty()) {
      return Optional.empty();
    }
    Signature signature = WireForms.signature(keys.columns());
    try {
      RowBatch rows = new RowBatch(keys.rows(), 0);
      WireCursors.Block block = cursors.open(open, signature, rows, Shown.of(revision), 0);
      return Optional.of(RowSet.of(signature, 0, block.rows(), block.cursor()));
    } catch (QuorateException e) {
      // The write is done, so its answer must not be a failure.
      log.atDebug().setCause(e).log("keys are not told");
      return Optional.empty();
    }
  }

  private Message executeBatch(Session open, ExecuteBatch batch) {
    set(open, batch.settings());
    BatchResult result = open.executeBatch(WireForms.request(batch), WireForms.lists(batch));
    long[] counts = result.updateCounts().stream().mapToLong(Long::longValue).toArray();
    SessionState state = state(open, result.revision());
    Optional<RowSet> keys = keys(open, result.keys());
    return keys.isEmpty() && !result.keys().isNone()
        ? io.quorate.driver.wire.BatchResult.withoutKeys(counts, state)
        : new io.quorate.driver.wire.BatchResult(counts, keys.orElse(null), state);
  }

  private Message describe(Session open, Describe describe) {
    set(open, describe.settings());
    Description description = open.describe(describe.sql(), describe.readAfter());
    return new io.quorate.driver.wire.Description(
        description.returnsRows(),
        WireForms.signature(description.columns()),
        WireForms.signature(description.parameters()),
        state(open, revision));
  }

  private Message metadata(Session open, MetadataCall request) {
    set(open, request.settings());
    MetadataCall.Call call =
        request
            .call()
            .orElseThrow(
                () -> new QuorateException(ErrorCode.NOT_SUPPORTED, "an unknown metadata call"));
    RowBatch rows =
        open.metadata(new MetadataQuery(call, request.arguments()), request.readAfter());
    Signature signature = WireForms.signature(MetadataAnswers.columns(call));
    Shown shown = Shown.of(revision);
    WireCursors.Block block = cursors.open(open, signature, rows, shown, 0);
    return Result.rows(signature, 0, block.rows(), block.cursor(), state(open, shown, null));
  }

  private SessionState state() {
    Session open = session;
    return open == null
        ? SessionState.of(revision, false, Freshness.UNKNOWN)
        : state(open, revision);
  }

  /** Of an answer that shows no rows: it tells what a read that came now would find here. */
  private SessionState state(Session open, long seen) {
    return state(open, seen, service.staleness(), null);
  }

  private SessionState state(Session open, Shown shown, @Nullable Map<String, String> before) {
    return state(open, shown.revision(), service.staleness(shown), before);
  }

  /**
   * What every answer says.
   *
   * @param seen the highest revision that the client has seen with it
   * @param before what the client takes the settings for, if it is to be told what changed
   */
  private SessionState state(
      Session open, long seen, Staleness staleness, @Nullable Map<String, String> before) {
    revision = Math.max(revision, seen);
    Map<String, String> changed = Map.of();
    if (before != null) {
      Map<String, String> now = WireForms.settings(open);
      if (!now.equals(before)) {
        changed = new LinkedHashMap<>(now);
        changed.entrySet().removeAll(before.entrySet());
        known = now;
      }
    }
    Topology topology = service.topology();
    WireTopology told = null;
    if (topology.epoch() != toldEpoch) {
      toldEpoch = topology.epoch();
      told = WireForms.topology(topology);
    }
    Freshness freshness = WireForms.freshness(staleness);
    return new SessionState(revision, open.inTransaction(), freshness, told, changed);
  }

  /** Ends the statement that runs, if one does. From any thread. */
  public void cancel() {
    Session open = session;
    if (open != null) {
      open.cancel();
    }
  }

  /** Ends the session with all it has open. Idempotent. */
  @Override
  public void close() {
    Session open = session;
    if (open != null) {
      open.close();
    }
  }
}
