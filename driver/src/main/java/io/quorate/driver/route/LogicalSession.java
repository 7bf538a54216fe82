package io.quorate.driver.route;

import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WriteStamp;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions on single nodes have in common: the settings that each must have, the session
 * token, the number of the client and of its writes. Confined to the thread that holds the router's
 * lock; what is volatile is for cancelling.
 */
final class LogicalSession implements Exchange.Host {
  private final RouteOptions options;
  private final Random random;
  private final long client;
  private final Links links;
  private final Map<String, String> settings;
  private final Welcome welcome;
  private long sequence;
  private long revision;

  private volatile boolean closed;
  private volatile @Nullable Object running;
  private volatile @Nullable NodeLink runningOn;
  private volatile boolean cancelAsked;

  LogicalSession(RouteOptions options, Random random, LinkWatch watch) throws SQLException {
    this.options = options;
    this.random = random;
    this.client = random.nextLong();
    this.links = new Links(options, random, watch);
    this.settings = new LinkedHashMap<>(options.settings());
    this.welcome = links.openFirst(settings).welcome();
    this.revision = welcome.state().revision();
  }

  Welcome welcome() {
    return welcome;
  }

  long revision() {
    return revision;
  }

  WriteStamp nextStamp() {
    return new WriteStamp(client, ++sequence, revision, false);
  }

  RetryWindow window(long timeoutMillis) {
    return new RetryWindow(random, timeoutMillis);
  }

  void set(String name, String value) {
    settings.put(name, value);
  }

  /** Keeps what a statement set on one link, unless the server has said what became of it. */
  void keep(SetStatement set, NodeLink link, SessionState told) {
    if (!told.settings().containsKey(set.name())) {
      settings.put(set.name(), set.value());
      link.made(Map.of(set.name(), set.value()));
    }
  }

  String get(String name) {
    String value = settings.get(name);
    return value != null ? value : welcome.settings().getOrDefault(name, "");
  }

  boolean autocommit() {
    String value = settings.get(Router.AUTOCOMMIT);
    return value == null || !value.equalsIgnoreCase("false");
  }

  /** From now on this owner may cancel. */
  void begin(Object owner) {
    cancelAsked = false;
    running = owner;
  }

  void end() {
    running = null;
    runningOn = null;
  }

  /** The link of the attempt that runs, or ran last. */
  @Nullable NodeLink runningOn() {
    return runningOn;
  }

  @Override
  public NodeLink choose(Exchange.Way way, Set<NodeAddress> avoid)
      throws LinkException, SQLException {
    return way == Exchange.Way.READER
        ? links.reader(settings, avoid)
        : links.leader(settings, avoid);
  }

  @Override
  public Message send(NodeLink link, Exchange.Maker maker, WriteStamp stamp, RetryWindow window)
      throws LinkException {
    Map<String, String> changed = link.missing(settings);
    Message request = maker.make(stamp, changed, window.leftMillis());
    Message answer = call(link, request, window);
    if (carriesSettings(request) && !(answer instanceof Failure)) {
      link.made(changed);
    }
    learn(link, answer.state());
    return answer;
  }

  private static boolean carriesSettings(Message request) {
    switch (request.type()) {
      case EXECUTE:
      case EXECUTE_BATCH:
      case DESCRIBE:
      case METADATA:
      case SAVEPOINT:
        return true;
      default:
        return false;
    }
  }

  /** Sends as it is, and leaves what the answer tells to {@link #learn}. */
  Message call(NodeLink link, Message request, RetryWindow window) throws LinkException {
    runningOn = link;
    return link.call(request, window.answerDeadlineNanos(options.socketTimeoutMillis()));
  }

  void learn(NodeLink link, SessionState state) {
    revision = Math.max(revision, state.revision());
    links.learn(link, state);
    if (!state.settings().isEmpty()) {
      settings.putAll(state.settings());
      link.made(state.settings());
    }
  }

  @Override
  public boolean learnLeader(String hint) {
    return links.learnLeader(hint);
  }

  @Override
  public void drop(NodeLink link) {
    links.drop(link);
  }

  void trim(@Nullable NodeLink inTransaction) {
    links.trim(inTransaction);
  }

  @Override
  public boolean cancelled() {
    return cancelAsked || closed;
  }

  /** From any thread. */
  void cancel(Object owner) throws LinkException {
    if (running != owner) {
      return;
    }
    cancelAsked = true;
    NodeLink link = runningOn;
    if (link != null) {
      link.cancel(options.connectTimeoutMillis());
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    if (!closed) {
      closed = true;
      links.closeAll(true);
    }
  }

  /** Makes the attempt that runs, and all later ones, fail. From any thread. */
  void breakOff() {
    closed = true;
    NodeLink link = runningOn;
    if (link != null) {
      link.close();
    }
  }

  void closeHard() {
    links.closeAll(false);
  }
}
