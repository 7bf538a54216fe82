package io.quorate.server.frontend;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.quorate.driver.wire.Cancel;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.WireWriter;
import io.quorate.server.frontend.NativeFrames.Broken;
import io.quorate.server.frontend.NativeFrames.Received;
import io.quorate.server.frontend.wire.WireSession;
import io.quorate.server.frontend.wire.WireSession.Reply;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.Entrance;
import io.quorate.server.session.StatementService;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
  private boolean greeted;
  private int restingTicks;
  private int framesOutside;

  /**
   * @param address of the client, for the log
   */
  NativeRequests(NativeService shared, RequestQueue queue, NativeFrames frames, String address) {
    this.service = shared.service();
    this.session = new WireSession(shared.service(), shared.entrance(), shared.version(), address);
    this.sessions = shared.sessions();
    this.budget = shared.budget();
    this.queue = queue;
    this.frames = frames;
    sessions.add(session);
  }

  /**
   * What all connections share.
   *
   * @param sessions of all connections that are open, for who closes the port
   */
  record NativeService(
      StatementService service,
      Entrance entrance,
      String version,
      Set<WireSession> sessions,
      ByteBudget budget) {}

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    restingTicks = 0;
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
    Frame frame = received.frame();
    queue.add(
        () -> {
          try {
            send(context, frame.callId(), session.answer(frame));
          } finally {
            budget.giveBack(received.bytesTaken());
          }
        },
        () -> {
          budget.giveBack(received.bytesTaken());
          if (frame.type() != FrameType.CLOSE_CURSOR) {
            send(context, frame.callId(), session.overloaded());
          }
        },
        () -> budget.giveBack(received.bytesTaken()));
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
    if (reply.message().isPresent()) {
      if (reply.message().get().type() == FrameType.WELCOME) {
        frames.enter();
      }
      WireWriter writer = frame(reply.message().get(), callId);
      context
          .writeAndFlush(Unpooled.wrappedBuffer(writer.array(), 0, writer.length()))
          .addListener(
              sent -> {
                if (!sent.isSuccess()) {
                  log.atDebug().setCause(sent.cause()).log("client gone before its answer");
                } else if (reply.last()) {
                  var unused = context.close();
                }
              });
    }
  }

  private WireWriter frame(Message message, int callId) {
    WireWriter writer = new WireWriter();
    try {
      message.writeFrame(writer, callId);
    } catch (ProtocolException e) {
      session.unsendable(e).message().ifPresent(instead -> instead.writeFrame(writer, callId));
    }
    return writer;
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
