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
import io.quorate.server.session.StatementService;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
  private boolean greeted;
  private int restingTicks;
  private boolean reading;
  private boolean unflushed;

  /** Since the last time that all was read which had come. */
  private int runAtOnce;

  NativeRequests(NativeService shared, RequestQueue queue, NativeFrames frames) {
    this.service = shared.service();
    this.session = new WireSession(shared.service(), shared.version());
    this.sessions = shared.sessions();
    this.budget = shared.budget();
    this.loopWriter = shared.loopWriter();
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
      String version,
      Set<WireSession> sessions,
      ByteBudget budget,
      FastThreadLocal<WireWriter> loopWriter) {
    static NativeService of(StatementService service, String version) {
      FastThreadLocal<WireWriter> writer =
          new FastThreadLocal<>() {
            @Override
            protected WireWriter initialValue() {
              return new WireWriter();
            }
          };
      return new NativeService(
          service,
          version,
          ConcurrentHashMap.newKeySet(),
          new ByteBudget(Limits.REQUEST_BYTES),
          writer);
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
    switch (type) {
      case CANCEL -> {
        if (greeted) {
          throw new ProtocolException("CANCEL comes on a connection of its own");
        }
        Cancel cancel = (Cancel) frame.message();
        end(context, frame.callId(), () -> WireSession.cancel(service, cancel.sessionId()));
      }
      case BYE -> queue.closeWhenDone();
      case PING -> queue.addTrifle(() -> send(context, frame.callId(), session.pong()));
      default -> run(context, received);
    }
    greeted = true;
  }

  private void run(ChannelHandlerContext context, Received received) {
    queue.add(new Statement(context, received));
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

    @Override
    public boolean tryNow() {
      if (received.frame().type() != FrameType.EXECUTE
          || received.length() > Limits.RUN_AT_ONCE_BYTES
          || runAtOnce >= Limits.RUN_AT_ONCE) {
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
    public void run() {
      try {
        send(context, request.callId(), session.answer(request));
      } finally {
        budget.giveBack(received.bytesTaken());
      }
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
    if (reply.message().isEmpty()) {
      return;
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
      boolean stalled = queue.idle() && (!greeted || frames.inFrame());
      if (stalled
          || Limits.REQUEST_STALL.multipliedBy(restingTicks).compareTo(Limits.NATIVE_IDLE) > 0) {
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
    if (cause instanceof IOException) {
      log.atDebug().setCause(cause).log("native connection broken off");
    } else {
      log.atWarn().setCause(cause).log("native connection failed");
    }
    var unused = context.close();
  }
}
