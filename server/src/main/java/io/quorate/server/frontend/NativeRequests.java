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
import io.quorate.server.session.StatementService;
import java.util.Set;
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
  private final int restsMax;
  private boolean greeted;
  private int restingTicks;

  NativeRequests(NativeService shared, RequestQueue queue, NativeFrames frames) {
    this.service = shared.service();
    this.session = new WireSession(shared.service(), shared.version());
    this.sessions = shared.sessions();
    this.budget = shared.budget();
    this.restsMax = shared.limits().restsOf(shared.limits().waits().idle().ofNative());
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
      String version,
      Set<WireSession> sessions,
      ByteBudget budget,
      PortLimits limits) {}

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
        });
  }

  /** From the event loop or a worker. */
  private void send(ChannelHandlerContext context, int callId, Reply reply) {
    if (reply.message().isPresent()) {
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
      boolean stalled = queue.idle() && (!greeted || frames.inFrame());
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
