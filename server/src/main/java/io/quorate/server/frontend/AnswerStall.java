package io.quorate.server.frontend;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection whose client does not take its answers in time. Looks only when a flush has
 * left something behind: an answer that goes at once costs nothing, where a timer for each, as
 * Netty's own handler has it, costs as much as finding a row. Confined to the connection's event
 * loop.
 */
final class AnswerStall extends ChannelOutboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(AnswerStall.class);

  private final Duration stall;

  /** Behind all that waited when it was looked last. */
  private @Nullable ChannelFuture end;

  private @Nullable Future<?> nextLook;

  /**
   * @param stall for what waits to be taken
   */
  AnswerStall(Duration stall) {
    this.stall = stall;
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    if (end == null) {
      watch(context);
    }
  }

  private void watch(ChannelHandlerContext context) {
    ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
    if (waiting != null && !waiting.isEmpty()) {
      end = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
      nextLook =
          context.executor().schedule(() -> look(context), stall.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look(ChannelHandlerContext context) {
    ChannelFuture last = end;
    if (last != null && !last.isDone()) {
      log.atWarn()
          .addKeyValue("client", context.channel().remoteAddress())
          .addKeyValue("stall", stall)
          .log("client cut off: it does not take its answers");
      var unused = context.close();
      return;
    }
    end = null;
    watch(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    Future<?> pending = nextLook;
    if (pending != null) {
      pending.cancel(false);
    }
  }
}
