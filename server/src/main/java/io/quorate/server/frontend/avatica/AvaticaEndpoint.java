package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.Entrance;
import io.quorate.server.session.StatementService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.AbstractHandler;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.JsonHandler;
import org.apache.calcite.avatica.remote.LocalService;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.ProtobufTranslation;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;

/**
 * Avatica's wire protocol, request bytes in and answer bytes out. Thread-safe; answering blocks as
 * long as the statement runs.
 */
public final class AvaticaEndpoint implements AutoCloseable {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;

  private static final Caller NOBODY = new Caller("", Optional.empty(), Repetition.NONE);

  private final AvaticaConnections connections;
  private final String version;
  private final ProtobufTranslation translation = new BoundedTranslation();
  private volatile RpcMetadataResponse address = new RpcMetadataResponse("");

  /** How a request is written. */
  public enum Encoding {
    JSON("application/json"),
    PROTOBUF("application/x-google-protobuf");

    private final String contentType;

    Encoding(String contentType) {
      this.contentType = contentType;
    }

    public String contentType() {
      return contentType;
    }
  }

  /**
   * An answer with status 200, or 500 for a failure that the body tells: clients read no other.
   * Only who has sent no password at all, where one is needed, gets 401, which makes a client send
   * it that was told to wait for that.
   */
  public static final class Answer {
    private final int status;
    private final byte[] body;
    private final Duration delay;

    private Answer(int status, byte[] body, Duration delay) {
      this.status = status;
      this.body = body;
      this.delay = delay;
    }

    /** How long it is to be held back. */
    public Duration delay() {
      return delay;
    }

    public int status() {
      return status;
    }

    /** The bytes themselves, the caller's from now on. */
    public byte[] body() {
      return body;
    }
  }

  /**
   * Nothing is open yet.
   *
   * @param entrance decides who may open a connection
   * @param version of the product, told to clients
   */
  public AvaticaEndpoint(
      StatementService service, Entrance entrance, LongSupplier nanoClock, String version) {
    this.connections = new AvaticaConnections(service, entrance, nanoClock);
    this.version = version;
  }

  /** Sets what each answer says of where it came from: {@code host:port}. */
  public void announce(String hostAndPort) {
    address = new RpcMetadataResponse(hostAndPort);
  }

  /** What a body is written in: JSON begins with a brace, and no message of protobuf does. */
  public static Encoding encodingOf(byte[] body) {
    for (byte next : body) {
      if (next != ' ' && next != '\t' && next != '\r' && next != '\n') {
        return next == '{' ? Encoding.JSON : Encoding.PROTOBUF;
      }
    }
    return Encoding.PROTOBUF;
  }

  /**
   * Runs a request, unless it is the repetition of one that has run. Blocks; whatever happens
   * becomes an answer.
   */
  public Answer answer(Encoding encoding, byte[] request, Caller caller) {
    return answer(encoding, caller, handler -> handler.apply(request));
  }

  /** The answer to a request that was refused before it was read. */
  public Answer refuse(Encoding encoding, QuorateException reason) {
    return answer(encoding, NOBODY, handler -> handler.refuse(AvaticaFailure.of(reason)));
  }

  private Answer answer(Encoding encoding, Caller caller, Function<Exchange<?>, Answer> work) {
    QuorateMeta meta = new QuorateMeta(connections, version, caller);
    LocalService service = new LocalService(meta);
    service.setRpcMetadata(address);
    Exchange<?> exchange =
        encoding == Encoding.JSON
            ? new Exchange<>(
                meta,
                new JsonHandler(service, NoopMetricsSystem.getInstance()),
                bytes -> new String(bytes, StandardCharsets.UTF_8),
                text -> text.getBytes(StandardCharsets.UTF_8))
            : new Exchange<>(
                meta,
                new ProtobufHandler(service, translation, NoopMetricsSystem.getInstance()),
                Function.identity(),
                Function.identity());
    exchange.handler.setRpcMetadata(address);
    return work.apply(exchange);
  }

  /** One request on its way through Avatica's handler of its encoding. */
  private record Exchange<T>(
      QuorateMeta meta,
      AbstractHandler<T> handler,
      Function<byte[], T> reader,
      Function<T, byte[]> writer) {

    Answer apply(byte[] request) {
      HandlerResponse<T> response;
      try {
        response = handler.apply(reader.apply(request));
      } catch (StackOverflowError | AssertionError e) {
        // Avatica's assertions are about what the client sent, and so is the depth of that.
        if (meta.reached()) {
          throw e;
        }
        return refuse(AvaticaFailure.of(noRequest()));
      }
      meta.requireSound();
      if (response.getStatusCode() == OK || meta.failed()) {
        return answer(response);
      }
      return refuse(
          meta.reached()
              ? AvaticaFailure.of(
                  new QuorateException(
                      ErrorCode.INTERNAL_ERROR, "internal error: the answer cannot be written"))
              : AvaticaFailure.of(noRequest()));
    }

    private static QuorateException noRequest() {
      return new QuorateException(
          ErrorCode.PROTOCOL_VIOLATION, "the body is no request of Avatica's");
    }

    Answer refuse(AvaticaFailure failure) {
      return answer(handler.convertToErrorResponse(failure));
    }

    private Answer answer(HandlerResponse<T> response) {
      int status = meta.wantsCredentials() ? UNAUTHORIZED : response.getStatusCode();
      return new Answer(status, writer.apply(response.getResponse()), meta.delay());
    }
  }

  /** Ends the connections that nobody has used for long. Blocks. */
  public void expire() {
    connections.expire();
  }

  /** How many connections clients have. */
  public int connections() {
    return connections.size();
  }

  /** Ends all connections; statements that run are cancelled. Idempotent. */
  @Override
  public void close() {
    connections.closeAll();
  }
}
