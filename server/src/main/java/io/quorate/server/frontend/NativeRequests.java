package io.quorate.server.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.FastThreadLocal;
import io.quorate.driver.wire.Cancel;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.WireWriter;
import io.quorate.server.frontend.NativeFrames.Broken;
import io.quorate.server.frontend.NativeFrames.Received;
import io.quorate.server.frontend.wire.WireRequest;
import io.quorate.server.frontend.wire.WireSession;
import io.quorate.server.frontend.wire.WireSession.Reply;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.Entrance;
import io.quorate.server.session.PendingWrite;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.StatementService;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native protocol on the client port: hands each frame to the connection's session, in order.
 * Confined to the event loop of its connection.
 */
final class NativeRequests extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(NativeRequests.class);

  private final StatementService service;
  private final WireSession session;
  private final Set<WireSession> sessions;
  private final RequestQueue queue;
  private final NativeFrames frames;
  private final ByteBudget budget;
  private final FastThreadLocal<WireWriter> loopWriter;
  private final int restsMax;
  private boolean greeted;
  private int restingTicks;
  private boolean reading;
  private boolean unflushed;
  private int framesOutside;

  /** Since the last time that all was read which had come. */
  private int runAtOnce;

  /**
   * @param address of the client, for the log
   */
  NativeRequests(NativeService shared, RequestQueue queue, NativeFrames frames, String address) {
    this.service = shared.service();
    this.session = new WireSession(shared.service(), shared.entrance(), shared.version(), address);
    this.sessions = shared.sessions();
    this.budget = shared.budget();
    this.loopWriter = shared.loopWriter();
    this.restsMax = shared.limits().restsOf(shared.limits().waits().idle().ofNative());
    this.queue = queue;
    this.frames = frames;
    sessions.add(session);
  }

  /**
   * What all connections share.
   *
   * @param sessions of all connections that are open, for who closes the port
   * @param loopWriter for what is answered on an event loop
   */
  record NativeService(
      StatementService service,
      Entrance entrance,
      String version,
      Set<WireSession> sessions,
      ByteBudget budget,
      FastThreadLocal<WireWriter> loopWriter,
      PortLimits limits) {
    static NativeService of(
        StatementService service, Entrance entrance, String version, PortLimits limits) {
      FastThreadLocal<WireWriter> writer =
          new FastThreadLocal<>() {
            @Override
            protected WireWriter initialValue() {
              return new WireWriter();
            }
          };
      return new NativeService(
          service,
          entrance,
          version,
          ConcurrentHashMap.newKeySet(),
          new ByteBudget(Limits.REQUEST_BYTES),
          writer,
          limits);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    restingTicks = 0;
    reading = true;
    if (message instanceof Received received) {
      try {
        take(context, received);
      } catch (ProtocolException e) {
        budget.giveBack(received.bytesTaken());
        end(context, received.frame().callId(), () -> session.violation(e));
      }
    } else if (message instanceof Broken broken) {
      end(context, broken.callId(), () -> reply(broken));
    }
  }

  private Reply reply(Broken broken) {
    return broken.cause() instanceof QuorateException refused
        ? session.refused(refused)
        : session.violation(new ProtocolException(String.valueOf(broken.cause().getMessage())));
  }

  private void end(ChannelHandlerContext context, int callId, Supplier<Reply> reply) {
    queue.addTrifle(() -> send(context, callId, reply.get()));
    queue.closeWhenDone();
  }

  private void take(ChannelHandlerContext context, Received received) {
    Frame frame = received.frame();
    FrameType type = frame.type();
    if (!type.fromClient()) {
      throw new ProtocolException("a server is not sent " + type);
    }
    if (!frames.entered() && ++framesOutside > Limits.FRAMES_OUTSIDE) {
      throw new ProtocolException("too many frames before WELCOME");
    }
    boolean first = !greeted;
    greeted = true;
    switch (type) {
      case CANCEL -> {
        if (!first) {
          throw new ProtocolException("CANCEL comes on a connection of its own");
        }
        Cancel cancel = (Cancel) frame.message();
        end(context, frame.callId(), () -> WireSession.cancel(service, cancel.sessionId()));
      }
      case BYE -> {
        var unused = frame.message();
        queue.closeWhenDone();
      }
      case PING -> {
        var unused = frame.message();
        queue.addTrifle(() -> send(context, frame.callId(), session.pong()));
      }
      default -> {
        queue.add(new Statement(context, received));
        return;
      }
    }
    budget.giveBack(received.bytesTaken());
  }

  /** A request to the session. */
  private final class Statement implements RequestQueue.Request {
    private final ChannelHandlerContext context;
    private final Received received;
    private final WireRequest request;

    Statement(ChannelHandlerContext context, Received received) {
      this.context = context;
      this.received = received;
      this.request = new WireRequest(received.frame());
    }

    private boolean mayRunNow() {
      return received.frame().type() == FrameType.EXECUTE
          && received.length() <= Limits.RUN_AT_ONCE_BYTES
          && runAtOnce < Limits.RUN_AT_ONCE;
    }

    @Override
    public boolean tryNow() {
      if (!mayRunNow()) {
        return false;
      }
      Optional<Reply> reply = session.tryAnswer(request);
      if (reply.isEmpty()) {
        return false;
      }
      runAtOnce++;
      send(context, request.callId(), reply.get());
      budget.giveBack(received.bytesTaken());
      return true;
    }

    @Override
    public boolean tryBegin() {
      if (!mayRunNow()) {
        return false;
      }
      Optional<PendingWrite> begun = session.tryWrite(request);
      if (begun.isEmpty()) {
        return false;
      }
      runAtOnce++;
      PendingWrite write = begun.get();
      var unused =
          write
              .answer()
              .whenComplete((result, problem) -> onLoop(() -> end(write, result, problem)));
      return true;
    }

    private void onLoop(Runnable task) {
      try {
        context.executor().execute(task);
      } catch (RejectedExecutionException e) {
        log.atDebug().log("a write ended after its port was closed");
      }
    }

    private void end(
        PendingWrite write, @Nullable StatementResult result, @Nullable Throwable problem) {
      if (result == null) {
        Throwable failure = problem == null ? new IllegalStateException("no answer") : problem;
        queue.goOn(() -> answer(() -> session.settled(write, failure)));
        return;
      }
      answer(() -> session.written(result));
      queue.ended();
    }

    @Override
    public void run() {
      answer(() -> session.answer(request));
    }

    private void answer(Supplier<Reply> reply) {
      try {
        send(context, request.callId(), reply.get());
      } finally {
        budget.giveBack(received.bytesTaken());
      }
    }

    @Override
    public void drop() {
      budget.giveBack(received.bytesTaken());
    }

    @Override
    public void refuse() {
      budget.giveBack(received.bytesTaken());
      if (received.frame().type() != FrameType.CLOSE_CURSOR) {
        send(context, request.callId(), session.overloaded());
      }
    }
  }

  /** From the event loop or a worker. */
  private void send(ChannelHandlerContext context, int callId, Reply reply) {
    if (reply.delay().isZero()) {
      sendNow(context, callId, reply);
    } else {
      var unused =
          context
              .executor()
              .schedule(
                  () -> sendNow(context, callId, reply),
                  reply.delay().toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  private void sendNow(ChannelHandlerContext context, int callId, Reply reply) {
    if (reply.message().isEmpty()) {
      return;
    }
    if (reply.message().get().type() == FrameType.WELCOME) {
      frames.enter();
    }
    boolean onLoop = context.executor().inEventLoop();
    WireWriter writer = onLoop ? loopWriter.get() : new WireWriter();
    write(writer, reply.message().get(), callId);
    ChannelPromise promise = reply.last() ? context.newPromise() : context.voidPromise();
    ChannelFuture sent;
    if (onLoop) {
      ByteBuf bytes = context.alloc().ioBuffer(writer.length());
      sent = context.write(bytes.writeBytes(writer.array(), 0, writer.length()), promise);
      writer.clear();
      unflushed = true;
      flushUnlessReading(context);
    } else {
      ByteBuf bytes = Unpooled.wrappedBuffer(writer.array(), 0, writer.length());
      sent = context.writeAndFlush(bytes, promise);
    }
    if (reply.last()) {
      sent.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Answers to what was read in one go leave in one go. */
  private void flushUnlessReading(ChannelHandlerContext context) {
    if (unflushed && !reading) {
      unflushed = false;
      context.flush();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    runAtOnce = 0;
    flushUnlessReading(context);
    context.fireChannelReadComplete();
  }

  private void write(WireWriter writer, Message message, int callId) {
    try {
      message.writeFrame(writer, callId);
    } catch (ProtocolException e) {
      session.unsendable(e).message().ifPresent(instead -> instead.writeFrame(writer, callId));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    queue.onWritable();
    context.fireChannelWritabilityChanged();
  }

  /** Comes when nothing was read for {@link Limits#REQUEST_STALL}, and again after each more. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      restingTicks = queue.idle() ? restingTicks + 1 : 0;
      boolean stalled = queue.idle() && (!frames.entered() || frames.inFrame());
      if (stalled || restingTicks > restsMax) {
        var unused = context.close();
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    session.cancel();
    queue.drop(
        () -> {
          if (sessions.remove(session)) {
            session.close();
          }
        });
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (TlsGate.isOfClient(cause)) {
      log.atDebug().setCause(cause).log("native connection broken off");
    } else {
      log.atWarn().setCause(cause).log("native connection failed");
    }
    var unused = context.close();
  }
}
