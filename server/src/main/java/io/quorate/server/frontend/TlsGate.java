package io.quorate.server.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.WireWriter;
import io.quorate.server.tls.NodeTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before all else on a port that speaks TLS only: who begins a handshake gets one, everybody
 * else is told in the words of his protocol that he should. Confined to the event loop of its
 * connection; {@link ProtocolDetector}, behind it, keeps the time for both.
 */
final class TlsGate extends ByteToMessageDecoder {
  private static final Logger log = LoggerFactory.getLogger(TlsGate.class);

  /** A record that begins a handshake (RFC 8446, 5.1). */
  private static final int HANDSHAKE = 0x16;

  /** Of the native protocol's preamble, as far as all versions of it agree. */
  private static final int PREFIX_BYTES = 3;

  private final NodeTls tls;
  private final Executor handshakes;
  private final Duration patience;
  private boolean refused;

  /**
   * @param handshakes runs what the event loop has no time for; may reject
   */
  TlsGate(NodeTls tls, Executor handshakes, Duration patience) {
    this.tls = tls;
    this.handshakes = handshakes;
    this.patience = patience;
  }

  static boolean beginsHandshake(ByteBuf in) {
    return in.getUnsignedByte(in.readerIndex()) == HANDSHAKE;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
    } else if (in.isReadable()) {
      if (beginsHandshake(in)) {
        SslHandler handler = new SslHandler(tls.engine(), handshakes);
        handler.setHandshakeTimeoutMillis(patience.toMillis());
        context.pipeline().replace(this, "tls", handler);
      } else if (in.getByte(in.readerIndex()) != 'Q') {
        refuse(context, in, ofHttp());
      } else if (in.readableBytes() >= PREFIX_BYTES) {
        int at = in.readerIndex();
        boolean isNative =
            Frame.beginsPreamble(in.getByte(at), in.getByte(at + 1), in.getByte(at + 2));
        refuse(context, in, isNative ? ofNative() : ofHttp());
      }
    }
  }

  /** Reads on until the client has closed: it may still be sending, and would miss the answer. */
  private void refuse(ChannelHandlerContext context, ByteBuf in, byte[] answer) {
    log.atDebug().log("a client spoke plain text to a port with TLS");
    refused = true;
    in.skipBytes(in.readableBytes());
    context
        .writeAndFlush(Unpooled.wrappedBuffer(answer))
        .addListener((ChannelFutureListener) sent -> LastWords.endOutput(sent.channel()));
  }

  private static byte[] ofNative() {
    WireWriter writer = new WireWriter();
    ErrorCode code = ErrorCode.TLS_REQUIRED;
    new Failure(
            code.sqlState(),
            code.number(),
            "this node speaks TLS only; connect with ssl=true, or with ssl_mode and ssl_ca",
            code.retryAdvice(),
            "",
            new long[0],
            SessionState.NOTHING)
        .writeFrame(writer, 0);
    return writer.toByteArray();
  }

  private static byte[] ofHttp() {
    String text = "this node speaks TLS only; use https\n";
    String answer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: "
            + text.length()
            + "\r\nConnection: close\r\n\r\n"
            + text;
    return answer.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether a connection failed for what came over it, and not for an error of the node. */
  static boolean isOfClient(Throwable cause) {
    return cause instanceof IOException
        || (cause instanceof DecoderException && cause.getCause() instanceof IOException);
  }
}
