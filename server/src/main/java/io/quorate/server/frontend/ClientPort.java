package io.quorate.server.frontend;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
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
import io.quorate.server.rest.RestEndpoint;
import io.quorate.server.security.Entrance;
import io.quorate.server.session.StatementService;
import io.quorate.server.tls.NodeTls;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
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

  private final ClientPortConfig config;
  private final StatementService service;
  private final Entrance entrance;
  private final Function<String, ThreadFactory> threads;
  private final LongSupplier nanoClock;
  private @Nullable Opened opened;

  /** What an open port is made of. */
  private record Opened(
      EventLoopGroup loops,
      StatementWorkers workers,
      ThreadPoolExecutor handshakes,
      HttpRequests.Endpoints http,
      NativeService shared,
      ChannelGroup clients,
      Channel listener) {}

  /**
   * A port that is not open yet.
   *
   * @param entrance decides who is let in
   * @param threads makes the threads of a name; what they do not catch stops the node
   * @param nanoClock monotonic
   */
  public ClientPort(
      ClientPortConfig config,
      StatementService service,
      Entrance entrance,
      Function<String, ThreadFactory> threads,
      LongSupplier nanoClock) {
    this.config = config;
    this.service = service;
    this.entrance = entrance;
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
    int processors = Runtime.getRuntime().availableProcessors();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            Math.min(EVENT_LOOPS_MAX, processors),
            threads.apply("netty"),
            NioIoHandler.newFactory(
                SelectorProvider.provider(), LoneClientSpin.forLoops(processors, nanoClock)));
    StatementWorkers workers =
        new StatementWorkers(
            config.limits().statements().running(),
            config.limits().statements().waiting(),
            threads.apply("statement"),
            nanoClock);
    ThreadPoolExecutor handshakes = handshakes();
    String version = ProductVersion.read();
    AvaticaEndpoint avatica = new AvaticaEndpoint(service, entrance, nanoClock, version);
    HttpRequests.Endpoints http =
        new HttpRequests.Endpoints(avatica, new RestEndpoint(service, entrance, nanoClock));
    NativeService shared = NativeService.of(service, entrance, version, config.limits());
    ChannelGroup clients = new DefaultChannelGroup(loops.next());
    Greeter greeter = new Greeter(new Doors(workers, handshakes, http, shared), clients);
    ChannelFuture bound = bootstrap(loops, greeter).bind(local).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      workers.close();
      handshakes.shutdownNow();
      var unused = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw failure(reason(bound.cause()), bound.cause());
    }
    opened = new Opened(loops, workers, handshakes, http, shared, clients, bound.channel());
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
    log.atInfo()
        .addKeyValue("address", boundAddress())
        .addKeyValue("tls", config.tls().isPresent())
        .log("client port open");
  }

  private static ServerBootstrap bootstrap(EventLoopGroup loops, Greeter greeter) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, Limits.BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(Limits.ANSWER_BYTES_LOW, Limits.ANSWER_BYTES_HIGH))
        .childHandler(greeter);
  }

  /** There when they are needed: what is signed for a handshake takes a millisecond or two. */
  private ThreadPoolExecutor handshakes() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            Limits.HANDSHAKES_RUNNING,
            Limits.HANDSHAKES_RUNNING,
            EXPIRY_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(Limits.HANDSHAKES_WAITING),
            threads.apply("handshake"));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private InetSocketAddress resolve() {
    HostPort address = config.address();
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
    String message = "cannot open client port " + config.address() + ": " + reason;
    return cause == null
        ? new QuorateException(ErrorCode.IO_ERROR, message)
        : new QuorateException(ErrorCode.IO_ERROR, message, cause);
  }

  /** What a connection is led to. */
  private record Doors(
      StatementWorkers workers,
      ThreadPoolExecutor handshakes,
      HttpRequests.Endpoints http,
      NativeService shared) {}

  /** Takes a new connection, or closes it when there are too many. */
  private final class Greeter extends ChannelInitializer<SocketChannel> {
    private final Doors doors;
    private final ChannelGroup clients;
    private final SlowClients slowClients = new SlowClients(config.limits().answerBytes());

    Greeter(Doors doors, ChannelGroup clients) {
      this.doors = doors;
      this.clients = clients;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (clients.size() >= config.limits().connections()) {
        log.atWarn().addKeyValue("connections", clients.size()).log("client refused: too many");
        var unused = channel.close();
        return;
      }
      clients.add(channel);
      RequestQueue queue = new RequestQueue(channel, doors.workers);
      channel.attr(QUEUE).set(queue);
      PortLimits.Waits waits = config.limits().waits();
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.addLast(slowClients, new AnswerStall(waits.answerStall()));
      Optional<NodeTls> tls = config.tls();
      if (tls.isPresent()) {
        pipeline.addLast(new TlsGate(tls.get(), doors.handshakes, waits.greeting()));
      }
      pipeline.addLast(new ProtocolDetector(doors.http, doors.shared, queue));
    }
  }

  /** The address in use; its port is the one that the system chose where 0 was asked for. */
  public HostPort boundAddress() {
    Opened open = opened;
    return open != null && open.listener.localAddress() instanceof InetSocketAddress local
        ? new HostPort(config.address().host(), local.getPort())
        : config.address();
  }

  /** How many clients are connected, however they speak. */
  public int connections() {
    Opened open = opened;
    return open == null ? 0 : open.clients.size();
  }

  /** Bytes of large requests that are being read or run, of all connections together. */
  public long requestBytes() {
    Opened open = opened;
    return open == null ? 0 : open.shared.budget().taken();
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
      open.http.rest().close();
      open.http.avatica().close();
      drained = awaitClosed(open.clients);
    }
    open.clients.close().awaitUninterruptibly(Limits.DRAIN.toMillis());
    open.handshakes.shutdownNow();
    open.workers.drain(Limits.DRAIN.toMillis());
    open.http.avatica().close();
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
