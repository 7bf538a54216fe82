package io.quorate.server.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.quorate.driver.ErrorCode;
import io.quorate.server.frontend.avatica.AvaticaEndpoint;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Answer;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Encoding;
import io.quorate.server.frontend.avatica.Caller;
import io.quorate.server.frontend.avatica.Repetition;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.rest.RestAnswer;
import io.quorate.server.rest.RestEndpoint;
import io.quorate.server.rest.RestRequest;
import io.quorate.server.security.BasicCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP on the client port: Avatica at {@code /}, and the paths of {@link RestEndpoint}. Confined to
 * the event loop of its connection.
 *
 * <p>A request that is refused is read to its end all the same, within a bound, because a client
 * that is still sending does not read the answer.
 */
final class HttpRequests extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger log = LoggerFactory.getLogger(HttpRequests.class);

  private static final String AVATICA = "/";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final AvaticaEndpoint avatica;
  private final RestEndpoint rest;
  private final RequestQueue queue;
  private final ByteBudget budget;
  private final int restsMax;
  private final String address;
  private @Nullable Body body;
  private int restingTicks;

  /** What is spoken over HTTP. */
  record Endpoints(AvaticaEndpoint avatica, RestEndpoint rest) {}

  /**
   * @param address of the client, for the log
   */
  HttpRequests(
      Endpoints endpoints,
      RequestQueue queue,
      ByteBudget budget,
      PortLimits limits,
      String address) {
    super(HttpObject.class, true);
    this.avatica = endpoints.avatica;
    this.rest = endpoints.rest;
    this.queue = queue;
    this.budget = budget;
    this.restsMax = limits.restsOf(limits.waits().idle().http());
    this.address = address;
  }

  /** A request whose body is being read. */
  private final class Body {
    private final HttpRequest request;
    private final boolean kept;
    private final int bytesMax;
    private final ByteBuf bytes = Unpooled.buffer();
    private long seen;
    private @Nullable QuorateException refusal;

    Body(HttpRequest request) {
      boolean answeredByRest = RestEndpoint.takesBody(request.method().name(), path(request));
      this.request = request;
      this.kept = answeredByRest || isAvatica(request);
      this.bytesMax = answeredByRest ? RestEndpoint.BODY_BYTES_MAX : Limits.HTTP_BODY_BYTES;
    }

    void add(ByteBuf chunk) {
      int more = chunk.readableBytes();
      seen += more;
      if (!kept || refusal != null || more == 0) {
        return;
      }
      if (seen > bytesMax) {
        refuse(ErrorCode.LIMIT_EXCEEDED, "a request has at most " + bytesMax + " bytes");
      } else if (!budget.tryTake(more)) {
        refuse(ErrorCode.OVERLOADED, "the node has too many large requests at once");
      } else {
        bytes.writeBytes(chunk);
      }
    }

    /** Keeps no more than what shows how the client writes. */
    private void refuse(ErrorCode code, String reason) {
      refusal = new QuorateException(code, reason);
      int shown = Math.min(bytes.readableBytes(), 64);
      budget.giveBack(bytes.readableBytes() - shown);
      bytes.writerIndex(shown).capacity(shown);
    }

    void drop() {
      budget.giveBack(bytes.readableBytes());
      bytes.clear();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    restingTicks = 0;
    if (message.decoderResult().isFailure()) {
      refuseBroken(context, message);
      return;
    }
    if (message instanceof HttpRequest request) {
      body = new Body(request);
    }
    Body reading = body;
    if (message instanceof HttpContent content && reading != null) {
      reading.add(content.content());
      if (reading.seen > Limits.HTTP_BODY_BYTES + Limits.HTTP_DISCARDED_BYTES) {
        var unused = context.close();
      } else if (message instanceof LastHttpContent) {
        body = null;
        answer(context, reading);
      }
    }
  }

  private void refuseBroken(ChannelHandlerContext context, HttpObject message) {
    log.atDebug().setCause(message.decoderResult().cause()).log("no HTTP request");
    dropBody();
    queue.addTrifle(() -> send(context, text(HttpResponseStatus.BAD_REQUEST, "bad request\n")));
    queue.closeWhenDone();
  }

  private static boolean isAvatica(HttpRequest request) {
    return path(request).equals(AVATICA) && request.method().equals(HttpMethod.POST);
  }

  private static String path(HttpRequest request) {
    String uri = request.uri();
    int end = uri.indexOf('?');
    return end < 0 ? uri : uri.substring(0, end);
  }

  private void answer(ChannelHandlerContext context, Body read) {
    String path = path(read.request);
    if (read.request.headers().contains(HttpHeaderNames.ORIGIN)) {
      // A page that a browser shows may come from anywhere, and send what it likes.
      read.drop();
      queue.addTrifle(
          () ->
              send(
                  context,
                  text(HttpResponseStatus.FORBIDDEN, "pages in browsers are not answered here\n")));
    } else if (RestEndpoint.knows(path)) {
      answerRest(context, read);
    } else if (!path.equals(AVATICA)) {
      queue.addTrifle(
          () -> send(context, text(HttpResponseStatus.NOT_FOUND, "there is no such path\n")));
    } else if (read.kept) {
      answerAvatica(context, read);
    } else {
      queue.addTrifle(() -> send(context, notAllowed("POST")));
    }
  }

  private void answerRest(ChannelHandlerContext context, Body read) {
    QuorateException refusal = read.refusal;
    if (refusal != null) {
      read.drop();
      queue.addTrifle(() -> send(context, response(rest.refuse(refusal))));
      return;
    }
    String uri = read.request.uri();
    RestRequest request =
        new RestRequest(
            read.request.method().name(),
            path(read.request),
            uri.indexOf('?') < 0 ? "" : uri.substring(uri.indexOf('?') + 1),
            BasicCredentials.parse(read.request.headers().get(HttpHeaderNames.AUTHORIZATION)),
            address);
    byte[] bytes = ByteBufUtil.getBytes(read.bytes);
    queue.add(
        () -> {
          try {
            RestAnswer answer = rest.answer(request, bytes);
            sendAfter(context, response(answer), answer.delay());
          } finally {
            read.drop();
          }
        },
        () -> {
          read.drop();
          send(context, response(rest.refuse(overloaded())));
        },
        read::drop);
  }

  private static FullHttpResponse response(RestAnswer answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    HttpUtil.setContentLength(response, answer.body().length);
    return response;
  }

  private void answerAvatica(ChannelHandlerContext context, Body read) {
    // Old clients put a short JSON request into a header of this name.
    String inHeader = read.request.headers().get("request");
    byte[] request =
        inHeader == null
            ? ByteBufUtil.getBytes(read.bytes)
            : inHeader.getBytes(StandardCharsets.ISO_8859_1);
    Encoding encoding = encoding(read.request, request);
    QuorateException refusal = read.refusal;
    if (refusal != null) {
      read.drop();
      queue.addTrifle(() -> send(context, answer(encoding, avatica.refuse(encoding, refusal))));
      return;
    }
    queue.add(
        () -> {
          try {
            Answer answer = answer(context, encoding, request, read.request.headers());
            sendAfter(context, answer(encoding, answer), answer.delay());
          } finally {
            read.drop();
          }
        },
        () -> {
          read.drop();
          send(context, answer(encoding, avatica.refuse(encoding, overloaded())));
        },
        read::drop);
  }

  private Answer answer(
      ChannelHandlerContext context, Encoding encoding, byte[] request, HttpHeaders headers) {
    Repetition repetition;
    try {
      repetition =
          Repetition.of(headers.get(Repetition.HEADER), () -> !context.channel().isActive());
    } catch (QuorateException e) {
      return avatica.refuse(encoding, e);
    }
    Caller caller =
        new Caller(
            address,
            BasicCredentials.parse(headers.get(HttpHeaderNames.AUTHORIZATION)),
            repetition);
    return avatica.answer(encoding, request, caller);
  }

  private static Encoding encoding(HttpRequest request, byte[] bytes) {
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (type.startsWith("application/json")) {
      return Encoding.JSON;
    }
    return type.contains("protobuf") ? Encoding.PROTOBUF : AvaticaEndpoint.encodingOf(bytes);
  }

  private static QuorateException overloaded() {
    return new QuorateException(
        ErrorCode.OVERLOADED, "the node has too many statements at once; try again");
  }

  /** Holds the answer back where somebody may be guessing. From a worker. */
  private void sendAfter(ChannelHandlerContext context, FullHttpResponse response, Duration delay) {
    if (delay.isZero()) {
      send(context, response);
    } else {
      queue.answerAfter(delay, () -> send(context, response));
    }
  }

  private static FullHttpResponse answer(Encoding encoding, Answer answer) {
    FullHttpResponse response =
        response(
            HttpResponseStatus.valueOf(answer.status()), encoding.contentType(), answer.body());
    if (answer.status() == HttpResponseStatus.UNAUTHORIZED.code()) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, BasicCredentials.CHALLENGE);
    }
    return response;
  }

  private static FullHttpResponse text(HttpResponseStatus status, String text) {
    return response(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  private static FullHttpResponse notAllowed(String methods) {
    FullHttpResponse response =
        text(HttpResponseStatus.METHOD_NOT_ALLOWED, "allowed here: " + methods + "\n");
    response.headers().set(HttpHeaderNames.ALLOW, methods);
    return response;
  }

  private static FullHttpResponse response(HttpResponseStatus status, String type, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    HttpUtil.setContentLength(response, body.length);
    return response;
  }

  /** From the event loop or a worker. */
  private static void send(ChannelHandlerContext context, FullHttpResponse response) {
    context
        .writeAndFlush(response)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                log.atDebug().setCause(sent.cause()).log("client gone before its answer");
              }
            });
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
      boolean stalled = body != null && queue.idle();
      if (stalled || restingTicks > restsMax) {
        var unused = context.close();
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    dropBody();
    queue.drop(() -> {});
    context.fireChannelInactive();
  }

  private void dropBody() {
    Body reading = body;
    if (reading != null) {
      body = null;
      reading.drop();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      log.atDebug().setCause(cause).log("HTTP connection broken off");
    } else {
      log.atWarn().setCause(cause).log("HTTP connection failed");
    }
    var unused = context.close();
  }
}
