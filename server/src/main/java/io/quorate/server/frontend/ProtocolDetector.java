package io.quorate.server.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.quorate.driver.wire.Frame;
import io.quorate.server.frontend.NativeRequests.NativeService;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells by the first bytes of a connection which protocol it speaks, and puts that one's handlers
 * in its own place. Confined to the event loop of its connection.
 */
final class ProtocolDetector extends ByteToMessageDecoder {
  private static final Logger log = LoggerFactory.getLogger(ProtocolDetector.class);

  /** Of the native protocol's preamble, as far as all versions of it agree. */
  private static final int PREFIX_BYTES = 3;

  private final HttpRequests.Endpoints http;
  private final NativeService shared;
  private final RequestQueue queue;
  private @Nullable ScheduledFuture<?> greeting;
  private boolean refused;

  ProtocolDetector(HttpRequests.Endpoints http, NativeService shared, RequestQueue queue) {
    this.http = http;
    this.shared = shared;
    this.queue = queue;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    greeting =
        context
            .executor()
            .schedule(
                () -> {
                  var unused = context.close();
                },
                shared.limits().waits().greeting().toMillis(),
                TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (refused || !in.isReadable()) {
      in.skipBytes(in.readableBytes());
      return;
    }
    // With TLS its handler stands before this one, and lets only what is inside pass.
    if (TlsGate.beginsHandshake(in)) {
      log.atDebug().log("a client asked for TLS, which is not configured");
      refused = true;
      in.skipBytes(in.readableBytes());
      LastWords.endOutput(context.channel());
      return;
    }
    if (in.getUnsignedByte(in.readerIndex()) != 'Q') {
      speakHttp(context);
    } else if (in.readableBytes() >= PREFIX_BYTES) {
      int at = in.readerIndex();
      if (Frame.beginsPreamble(in.getByte(at), in.getByte(at + 1), in.getByte(at + 2))) {
        speakNative(context);
      } else {
        speakHttp(context);
      }
    }
  }

  private void speakNative(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    NativeFrames frames = new NativeFrames(shared.budget());
    pipeline.addLast(
        idleState(), frames, new NativeRequests(shared, queue, frames, hostOf(context)));
    pipeline.remove(this);
  }

  private void speakHttp(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addLast(
        idleState(),
        new HttpServerCodec(
            Limits.HTTP_LINE_BYTES, Limits.HTTP_HEADER_BYTES, Limits.HTTP_CHUNK_BYTES),
        new HttpServerKeepAliveHandler(),
        new HttpServerExpectContinueHandler(),
        new HttpRequests(http, queue, shared.budget(), shared.limits(), hostOf(context)));
    pipeline.remove(this);
  }

  private IdleStateHandler idleState() {
    long millis = shared.limits().waits().requestStall().toMillis();
    return new IdleStateHandler(millis, 0, 0, TimeUnit.MILLISECONDS);
  }

  /** Without the port, of which a client has many. */
  private static String hostOf(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : "unknown";
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    cancelGreeting();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    cancelGreeting();
    super.channelInactive(context);
  }

  private void cancelGreeting() {
    Future<?> pending = greeting;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (TlsGate.isOfClient(cause)) {
      log.atDebug().setCause(cause).log("connection broken off before its protocol was known");
    } else {
      log.atWarn().setCause(cause).log("connection failed before its protocol was known");
    }
    var unused = context.close();
  }
}
