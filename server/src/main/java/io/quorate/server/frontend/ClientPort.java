package io.quorate.server.frontend;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.AttributeKey;
import io.quorate.driver.ErrorCode;
import io.quorate.server.config.HostPort;
import io.quorate.server.frontend.NativeRequests.NativeService;
import io.quorate.server.frontend.avatica.AvaticaEndpoint;
import io.quorate.server.frontend.wire.WireSession;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.StatementService;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that clients connect to: the native protocol and HTTP on one address, in front of {@link
 * StatementService}.
 *
 * <p>Event loops read and write, run short reads and never wait; other statements run on workers,
 * bounded in number, one of a connection at a time and in the order they came. Owned by the thread
 * that opens and closes it.
 */
public final class ClientPort implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClientPort.class);

  private static final AttributeKey<RequestQueue> QUEUE = AttributeKey.valueOf("requests");
  private static final int EVENT_LOOPS_MAX = 4;
  private static final int EXPIRY_SECONDS = 60;

  private final HostPort address;
  private final StatementService service;
  private final Function<String, ThreadFactory> threads;
  private final LongSupplier nanoClock;
  private @Nullable Opened opened;

  /** What an open port is made of. */
  private record Opened(
      EventLoopGroup loops,
      StatementWorkers workers,
      AvaticaEndpoint avatica,
      NativeService shared,
      ChannelGroup clients,
      Channel listener) {}

  /**
   * A port that is not open yet.
   *
   * @param threads makes the threads of a name; what they do not catch stops the node
   * @param nanoClock monotonic
   */
  public ClientPort(
      HostPort address,
      StatementService service,
      Function<String, ThreadFactory> threads,
      LongSupplier nanoClock) {
    this.address = address;
    this.service = service;
    this.threads = threads;
    this.nanoClock = nanoClock;
  }

  /**
   * Listens on the address, and on no other.
   *
   * @throws QuorateException when the port is taken or the address is not this machine's
   */
  public void open() {
    InetSocketAddress local = resolve();
    int count = Math.min(EVENT_LOOPS_MAX, Runtime.getRuntime().availableProcessors());
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(count, threads.apply("netty"), NioIoHandler.newFactory());
    StatementWorkers workers =
        new StatementWorkers(
            Limits.STATEMENTS_RUNNING,
            Limits.STATEMENTS_WAITING,
            threads.apply("statement"),
            nanoClock);
    String version = ProductVersion.read();
    AvaticaEndpoint avatica = new AvaticaEndpoint(service, nanoClock, version);
    NativeService shared = NativeService.of(service, version);
    ChannelGroup clients = new DefaultChannelGroup(loops.next());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, Limits.BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(Limits.ANSWER_BYTES_LOW, Limits.ANSWER_BYTES_HIGH))
            .childHandler(new Greeter(workers, avatica, shared, clients))
            .bind(local)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      workers.close();
      var unused = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw failure(reason(bound.cause()), bound.cause());
    }
    opened = new Opened(loops, workers, avatica, shared, clients, bound.channel());
    avatica.announce(boundAddress().toString());
    var unused =
        loops.scheduleWithFixedDelay(
            () -> {
              if (!workers.tryRun(avatica::expire)) {
                log.atDebug().log("expiry of connections put off");
              }
            },
            EXPIRY_SECONDS,
            EXPIRY_SECONDS,
            TimeUnit.SECONDS);
    log.atInfo().addKeyValue("address", boundAddress()).log("client port open");
  }

  private InetSocketAddress resolve() {
    try {
      return new InetSocketAddress(InetAddress.getAllByName(address.host())[0], address.port());
    } catch (UnknownHostException e) {
      throw failure("the host is unknown", e);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof BindException
        ? String.valueOf(cause.getMessage())
        : String.valueOf(cause);
  }

  private QuorateException failure(String reason, @Nullable Throwable cause) {
    String message = "cannot open client port " + address + ": " + reason;
    return cause == null
        ? new QuorateException(ErrorCode.IO_ERROR, message)
        : new QuorateException(ErrorCode.IO_ERROR, message, cause);
  }

  /** Takes a new connection, or closes it when there are too many. */
  private static final class Greeter extends ChannelInitializer<SocketChannel> {
    private final StatementWorkers workers;
    private final AvaticaEndpoint avatica;
    private final NativeService shared;
    private final ChannelGroup clients;

    Greeter(
        StatementWorkers workers,
        AvaticaEndpoint avatica,
        NativeService shared,
        ChannelGroup clients) {
      this.workers = workers;
      this.avatica = avatica;
      this.shared = shared;
      this.clients = clients;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (clients.size() >= Limits.CONNECTIONS) {
        log.atWarn().addKeyValue("connections", clients.size()).log("client refused: too many");
        var unused = channel.close();
        return;
      }
      clients.add(channel);
      RequestQueue queue = new RequestQueue(channel, workers);
      channel.attr(QUEUE).set(queue);
      channel
          .pipeline()
          .addLast(
              new AnswerStall(Limits.ANSWER_STALL), new ProtocolDetector(avatica, shared, queue));
    }
  }

  /** The address in use; its port is the one that the system chose where 0 was asked for. */
  public HostPort boundAddress() {
    Opened open = opened;
    return open != null && open.listener.localAddress() instanceof InetSocketAddress local
        ? new HostPort(address.host(), local.getPort())
        : address;
  }

  /**
   * Takes no new connections, lets what runs end for a moment, cancels the rest, and closes all.
   * Idempotent.
   */
  @Override
  public void close() {
    Opened open = opened;
    if (open == null) {
      return;
    }
    opened = null;
    open.listener.close().awaitUninterruptibly();
    for (Channel client : open.clients) {
      RequestQueue queue = client.attr(QUEUE).get();
      client.eventLoop().execute(queue::closeWhenDone);
    }
    boolean drained = awaitClosed(open.clients);
    if (!drained) {
      open.shared.sessions().forEach(WireSession::cancel);
      open.avatica.close();
      drained = awaitClosed(open.clients);
    }
    open.clients.close().awaitUninterruptibly(Limits.DRAIN.toMillis());
    open.workers.drain(Limits.DRAIN.toMillis());
    open.avatica.close();
    open.shared.sessions().forEach(WireSession::close);
    open.loops
        .shutdownGracefully(0, Limits.DRAIN.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * Limits.DRAIN.toMillis());
    log.atInfo().addKeyValue("drained", drained).log("client port closed");
  }

  private static boolean awaitClosed(ChannelGroup clients) {
    return clients.newCloseFuture().awaitUninterruptibly(Limits.DRAIN.toMillis());
  }
}
