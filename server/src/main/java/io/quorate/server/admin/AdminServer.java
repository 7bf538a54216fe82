package io.quorate.server.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.quorate.driver.ErrorCode;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.NetworkConfig;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.Metric;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.BasicCredentials;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.EntryRefused;
import io.quorate.server.security.TokenEntrance;
import io.quorate.server.tls.NodeTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: HTTP, or HTTPS alone, in front of {@link AdminService}.
 *
 * <p>A few threads of its own, {@code admin-http-*}, read requests and write answers; they never
 * wait for the service, so that they can still refuse when it is slow. The service is called on the
 * workers that the constructor is given. If these are all busy, or do not answer in time, the
 * client gets 503. What applications may ask as well is done by {@link RestExchanges}, on workers
 * of their own. Owned by the thread that opens and closes it.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  /** A change of the membership waits for a member that catches up. */
  private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(30);

  private static final int BODY_BYTES_MAX = 64 << 10;
  private static final int HTTP_THREADS = 4;
  private static final int HTTP_QUEUE = 64;
  private static final int BACKLOG = 64;
  private static final int REQUEST_SECONDS_MAX = 10;

  /** From the end of the request: a minute for a statement, and to send megabytes of rows. */
  private static final int RESPONSE_SECONDS_MAX = 90;

  private final AdminPortConfig config;
  private final HostPort address;
  private final Duration answerTimeout;

  /** Whose answers are given; not complete while a node begins, for which requests wait. */
  private volatile CompletableFuture<Serving> serving = new CompletableFuture<>();

  /** Of whom it answers for; the page stays, since it listens to the JVM's collector. */
  private volatile Supplier<List<Metric>> metrics = List::of;

  private final MetricsPage page = new MetricsPage(() -> metrics.get());
  private @Nullable HttpServer http;
  private @Nullable ThreadPoolExecutor httpThreads;

  /**
   * An admin port that is not open yet, and answers no applications.
   *
   * @param entrance decides whose questions are answered, beyond those about its health
   * @param workers calls the service; must be bounded and reject what is beyond its bound
   * @param tls empty for plain text
   */
  public AdminServer(
      NetworkConfig network,
      AdminService service,
      Entrance entrance,
      Executor workers,
      Optional<NodeTls> tls) {
    this(network, service, entrance, workers, tls, ANSWER_TIMEOUT);
  }

  AdminServer(
      NetworkConfig network,
      AdminService service,
      Entrance entrance,
      Executor workers,
      Optional<NodeTls> tls,
      Duration answerTimeout) {
    this(new AdminPortConfig(network, false, tls, TokenEntrance.closed()), answerTimeout);
    serve(service, entrance, workers, Optional.empty());
  }

  /** One that outlives the nodes that it {@linkplain #serve serves} one after the other. */
  public AdminServer(AdminPortConfig config) {
    this(config, ANSWER_TIMEOUT);
  }

  private AdminServer(AdminPortConfig config, Duration answerTimeout) {
    this.config = config;
    this.address = config.network().adminAddr();
    this.answerTimeout = answerTimeout;
  }

  /** What a node gives to answer with. */
  private record Serving(
      AdminRoutes routes,
      Entrance entrance,
      Executor workers,
      Optional<RestExchanges> applications) {}

  /**
   * Answers by this service from now on, and whatever has waited for one.
   *
   * @param entrance decides whose questions are answered, beyond those about its health
   * @param workers calls the service; must be bounded and reject what is beyond its bound
   * @param applications empty where they are not answered here
   */
  public void serve(
      AdminService service,
      Entrance entrance,
      Executor workers,
      Optional<Applications> applications) {
    AdminRoutes routes =
        new AdminRoutes(
            service,
            page,
            config.network().adminHttpStatus(),
            () -> Deadline.after(CHANGE_TIMEOUT, System::nanoTime));
    metrics = service::metrics;
    Serving next = new Serving(routes, entrance, workers, applications.map(RestExchanges::new));
    if (!serving.complete(next)) {
      serving = CompletableFuture.completedFuture(next);
    }
  }

  /** Lets requests wait, for as long as they may take, until another service answers. */
  public void pause() {
    if (serving.isDone()) {
      serving = new CompletableFuture<>();
    }
  }

  /**
   * Listens on the address, and on no other.
   *
   * @throws QuorateException when the port is taken or the address is not this machine's
   */
  public void open() {
    boundTransfers();
    HttpServer server = bind();
    ThreadPoolExecutor threads = httpThreads();
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, threads));
    server.start();
    http = server;
    httpThreads = threads;
    log.atInfo()
        .addKeyValue("address", boundAddress())
        .addKeyValue("tls", config.tls().isPresent())
        .log("admin port open");
  }

  /** The JDK's server has no bound of its own on slow senders; it reads these when first used. */
  private static void boundTransfers() {
    System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS_MAX));
    System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(RESPONSE_SECONDS_MAX));
  }

  private HttpServer bind() {
    try {
      InetAddress host = InetAddress.getAllByName(address.host())[0];
      InetSocketAddress local = new InetSocketAddress(host, address.port());
      if (config.tls().isEmpty()) {
        return HttpServer.create(local, BACKLOG);
      }
      HttpsServer secured = HttpsServer.create(local, BACKLOG);
      secured.setHttpsConfigurator(configurator(config.tls().get()));
      return secured;
    } catch (UnknownHostException e) {
      throw failure("the host is unknown", e);
    } catch (BindException e) {
      throw failure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw failure(e.toString(), e);
    }
  }

  private static HttpsConfigurator configurator(NodeTls tls) {
    return new HttpsConfigurator(tls.context()) {
      @Override
      public void configure(HttpsParameters connection) {
        connection.setSSLParameters(tls.parameters());
      }
    };
  }

  private QuorateException failure(String reason, IOException cause) {
    return new QuorateException(
        ErrorCode.INTERNAL_ERROR, "cannot open admin port " + address + ": " + reason, cause);
  }

  private static ThreadPoolExecutor httpThreads() {
    AtomicInteger count = new AtomicInteger();
    return new ThreadPoolExecutor(
        HTTP_THREADS,
        HTTP_THREADS,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(HTTP_QUEUE),
        task -> {
          Thread thread = new Thread(task, "admin-http-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** The address in use; its port is the one that the system chose where 0 was asked for. */
  public HostPort boundAddress() {
    HttpServer server = http;
    return server == null ? address : new HostPort(address.host(), server.getAddress().getPort());
  }

  /** Stops at once. Requests under way lose their connection. */
  @Override
  public void close() {
    page.close();
    HttpServer server = http;
    ThreadPoolExecutor threads = httpThreads;
    if (server == null || threads == null) {
      return;
    }
    http = null;
    httpThreads = null;
    server.stop(0);
    threads.shutdownNow();
    log.atInfo().log("admin port closed");
  }

  private void handle(HttpExchange exchange, Executor threads) {
    try {
      if (RestExchanges.knows(exchange.getRequestURI().getRawPath())) {
        handOver(exchange, threads);
        return;
      }
      byte[] body = bodyOf(exchange);
      AdminAnswer refusal = refusalOf(exchange, body);
      AdminRequest request =
          new AdminRequest(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              AdminRequest.parametersOf(exchange.getRequestURI().getRawQuery()),
              body);
      if (refusal == null) {
        work(exchange, request, threads);
      } else {
        send(exchange, refusal);
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("admin request broken off");
      exchange.close();
    }
  }

  /** Lets others answer an application, if they begin in time. */
  private void handOver(HttpExchange exchange, Executor threads) throws IOException {
    if (isOfPage(exchange)) {
      send(exchange, AdminAnswer.failure(403, 403, "pages in browsers are not answered here"));
      return;
    }
    CompletableFuture<Boolean> begun = refusedWhenLate(exchange, threads);
    var unused = serving.thenAccept(by -> handOver(by, exchange, begun));
  }

  /** What is to be completed before a request is answered; it is refused where that fails. */
  private CompletableFuture<Boolean> refusedWhenLate(HttpExchange exchange, Executor threads) {
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    var unused =
        begun
            .orTimeout(answerTimeout.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionallyAsync(
                failure -> {
                  finish(exchange, answerTo(failure));
                  return false;
                },
                threads);
    return begun;
  }

  private void handOver(Serving by, HttpExchange exchange, CompletableFuture<Boolean> begun) {
    if (by.applications.isPresent()) {
      by.applications.get().take(exchange, begun);
    } else if (begun.complete(true)) {
      finish(exchange, noSuchPath());
    }
  }

  /** Browsers send it, whoever wrote the page that they show. */
  private static boolean isOfPage(HttpExchange exchange) {
    return exchange.getRequestHeaders().containsKey("Origin");
  }

  private static AdminAnswer noSuchPath() {
    return AdminAnswer.failure(404, 404, "there is no such path");
  }

  /** At most one byte more than may be. */
  private static byte[] bodyOf(HttpExchange exchange) throws IOException {
    try (InputStream body = exchange.getRequestBody()) {
      return body.readNBytes(BODY_BYTES_MAX + 1);
    }
  }

  /** What is wrong with the request itself; null when it may go to the service. */
  private @Nullable AdminAnswer refusalOf(HttpExchange exchange, byte[] body) {
    if (body.length > BODY_BYTES_MAX) {
      return AdminAnswer.failure(
          413, 413, "a request body is at most " + BODY_BYTES_MAX + " bytes");
    }
    String path = exchange.getRequestURI().getPath();
    String methods = path == null ? "" : AdminRoutes.methods(path, config.insidb());
    if (methods.isEmpty()) {
      return noSuchPath();
    }
    String method = exchange.getRequestMethod();
    if (!AdminRoutes.allows(methods, method)) {
      return AdminAnswer.methodNotAllowed(methods, AdminRoutes.hintFor(path));
    }
    return isOfPage(exchange) && AdminRoutes.changes(method, path)
        ? AdminAnswer.failure(403, 403, "pages in browsers may not change the cluster")
        : null;
  }

  /** Asks the service on a worker and writes its answer where requests are read. */
  private void work(HttpExchange exchange, AdminRequest request, Executor threads) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String client = exchange.getRemoteAddress().getAddress().getHostAddress();
    CompletableFuture<AdminAnswer> answer =
        serving.thenCompose(
            by ->
                CompletableFuture.supplyAsync(
                    () -> answer(by, request, authorization, client), by.workers));
    Duration patience =
        AdminRoutes.changes(request.method(), request.path())
            ? answerTimeout.plus(CHANGE_TIMEOUT)
            : answerTimeout;
    var unused =
        answer
            .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(AdminServer::answerTo)
            .thenAcceptAsync(result -> finish(exchange, result), threads);
  }

  private AdminAnswer answer(
      Serving by, AdminRequest request, @Nullable String authorization, String client) {
    try {
      return AdminRoutes.isOpenToAll(request.path())
              || isAdministrator(by.entrance, request, authorization, client)
          ? by.routes.answer(request)
          : AdminAnswer.failure(
              403,
              ErrorCode.INSUFFICIENT_PRIVILEGE.number(),
              "the admin port is for administrators");
    } catch (EntryRefused e) {
      QuorateException failure = e.toFailure();
      return AdminAnswer.failure(
          401, failure.code().number(), String.valueOf(failure.getMessage()));
    } catch (QuorateException e) {
      return by.routes.failure(e);
    }
  }

  /**
   * Whether who sends the header may administer: with a token of the cluster's secret, or as a
   * user; everybody may as long as nobody has a password.
   */
  private boolean isAdministrator(
      Entrance entrance, AdminRequest request, @Nullable String authorization, String client)
      throws EntryRefused {
    if (TokenEntrance.isShown(authorization) || AdminRoutes.needsToken(request)) {
      config.tokens().enter(authorization, entrance, client);
      return true;
    }
    if (!entrance.asksForPassword()) {
      return true;
    }
    Optional<BasicCredentials> sent = BasicCredentials.parse(authorization);
    if (sent.isEmpty()) {
      throw entrance.nothingSent("", client);
    }
    return entrance.mayAdminister(entrance.enter(sent.get().user(), sent.get().password(), client));
  }

  private static AdminAnswer answerTo(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RejectedExecutionException) {
      return AdminAnswer.failure(
          503, ErrorCode.OVERLOADED.number(), "too many administrative requests at once");
    } else if (cause instanceof TimeoutException) {
      return AdminAnswer.failure(
          503, ErrorCode.CANCELLED.number(), "the node did not answer in time");
    }
    log.atError().setCause(cause).log("admin request failed");
    return AdminAnswer.failure(
        500, ErrorCode.INTERNAL_ERROR.number(), "internal error; the node's log says more");
  }

  private void finish(HttpExchange exchange, AdminAnswer answer) {
    try {
      send(exchange, answer);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("admin client gone");
      exchange.close();
    }
  }

  private void send(HttpExchange exchange, AdminAnswer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.contentType());
    answer.header().ifPresent(header -> headers.set(header.name(), header.value()));
    if (answer.status() == 401) {
      headers.set("WWW-Authenticate", BasicCredentials.CHALLENGE);
      if (config.tokens().isOpen()) {
        headers.add("WWW-Authenticate", TokenEntrance.CHALLENGE);
      }
    }
    send(exchange, answer.status(), answer.text().getBytes(StandardCharsets.UTF_8));
  }

  /** Sends what is left to send when the headers of an answer are set. Blocks. */
  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      if (!head) {
        out.write(body);
      }
    }
    exchange.close();
  }
}
