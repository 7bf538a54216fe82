package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.route.WatchTimes.Patience;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WriteStamp;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
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
  /** As the server has it, in milliseconds. */
  private static final String STALENESS_DEFAULT = "10000";

  private final RouteOptions options;
  private final Random random;
  private final long client;
  private final Links links;
  private final Clusters clusters;
  private final Cluster cluster;
  private final Map<String, String> settings;
  private final Welcome welcome;
  private RouteWish.Level level = RouteWish.Level.SESSION;
  private long stalenessMaxMillis = -1;
  private long sequence;
  private long handles;
  private long revision;
  private long readAfter;

  private volatile boolean closed;
  private volatile @Nullable Object running;
  private volatile @Nullable NodeLink runningOn;
  private volatile boolean cancelAsked;

  LogicalSession(RouteOptions options, Random random, Clusters clusters) throws SQLException {
    this.options = options;
    // A good number names the client; what only spreads load need not be drawn at that price.
    this.client = random.nextLong();
    this.random = new Random(random.nextLong());
    this.links = new Links(options, this.random, random);
    this.clusters = clusters;
    this.settings = new LinkedHashMap<>(options.settings());
    this.welcome = links.openFirst(clusters.find(options), settings).welcome();
    this.revision = welcome.state().revision();
    this.cluster = clusters.join(this, options, welcome.cluster());
    links.join(cluster);
    readSettings();
  }

  Welcome welcome() {
    return welcome;
  }

  /** What a read must show: all that any connection to the cluster has seen in this JVM. */
  long readAfter() {
    return Math.max(readAfter, Math.max(revision, cluster.revision()));
  }

  /**
   * Makes all later reads show at least this.
   *
   * @throws SQLException 22023 when it is no token of this cluster
   */
  void readAfter(String token) throws SQLException {
    readAfter = Math.max(readAfter, SessionToken.parse(token).revisionOf(cluster.id()));
  }

  /** Based on what nodes have said; a token is somebody's word. */
  WriteStamp nextStamp() {
    return new WriteStamp(client, ++sequence, Math.max(revision, cluster.revision()), false);
  }

  /** Of 63 bits, spread as if drawn: by the client's number, which was, and how many it has had. */
  long nextHandle() {
    long mixed = client + ++handles * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return (mixed ^ (mixed >>> 31)) & Long.MAX_VALUE;
  }

  RetryWindow window(long timeoutMillis) {
    return new RetryWindow(random, timeoutMillis);
  }

  void set(String name, String value) {
    settings.put(name, value);
    readSettings();
  }

  /**
   * Before a statement that changes the very node that it reaches: another one must not be changed
   * in its place.
   *
   * @param free whether it can go anywhere, in no transaction
   * @throws SQLException 22023 where the URL leaves open which node that is, 25000 in a transaction
   */
  void requireOneNode(boolean free) throws SQLException {
    if (options.contacts().size() > 1 || options.preference().target() != ReadTarget.CONTACT) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "the statement changes the node that it reaches: connect to that one, with its host alone"
              + " in the URL and target=contact");
    }
    if (!free) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_TRANSACTION_STATE,
          "the statement changes the node, and cannot be part of a transaction: use autocommit");
    }
  }

  /** What the choice of nodes goes by. */
  private void readSettings() {
    level = RouteWish.Level.of(settings.getOrDefault(Router.READ_LEVEL, ""));
    try {
      stalenessMaxMillis =
          Long.parseLong(settings.getOrDefault(Router.MAX_STALENESS, STALENESS_DEFAULT));
    } catch (NumberFormatException e) {
      // The server is the judge of values; this one only goes without a preference.
      stalenessMaxMillis = -1;
    }
  }

  /** Keeps what a statement set on one link, unless the server has said what became of it. */
  void keep(SetStatement set, NodeLink link, SessionState told) throws SQLException {
    if (set.name().equals(Router.READ_AFTER)) {
      if (!set.value().isEmpty() && !set.value().equalsIgnoreCase("DEFAULT")) {
        readAfter(set.value());
      }
    } else if (!told.settings().containsKey(set.name())) {
      set(set.name(), set.value());
      link.made(Map.of(set.name(), set.value()));
    }
  }

  /** Who answered, at the level that the request had. */
  Answered answered(Exchange.Answer answer) {
    boolean rows = answer.message() instanceof Result && ((Result) answer.message()).returnsRows();
    SessionState state = answer.message().state();
    return new Answered(
        answer.link().welcome().node(),
        answer.link().address(),
        // A write is newer than all that its session has seen before.
        rows ? state.freshness().revision() : state.revision(),
        state.freshness(),
        rows
            ? level.name()
            : settings.getOrDefault(Router.COMMIT_LEVEL, "QUORUM").toUpperCase(Locale.ROOT));
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
    return links.choose(wish(way).withAvoid(avoid), settings);
  }

  private RouteWish wish(Exchange.Way way) {
    return links.complete(
        RouteWish.of(way, options.preference()).withLevel(level, stalenessMaxMillis));
  }

  /** What was chosen for the last request, or, in a transaction, what its node is. */
  Choice lastChoice(@Nullable NodeLink transaction) {
    if (transaction != null) {
      return Choice.settled(
          wish(Exchange.Way.LEADER),
          cluster.snapshot(),
          transaction.address(),
          Reason.IN_TRANSACTION,
          Reason.TRANSACTION_ELSEWHERE);
    }
    return links.lastChoice().orElseThrow(() -> new IllegalStateException("nothing was chosen"));
  }

  @Override
  public Message send(
      NodeLink link, Exchange.Maker maker, WriteStamp stamp, RetryWindow window, Patience patience)
      throws LinkException {
    link.expect(patience);
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
    NodeState node = link.node();
    node.requestBegins();
    try {
      return link.call(request, window.answerDeadlineNanos(options.socketTimeoutMillis()));
    } finally {
      node.requestEnds();
    }
  }

  void learn(NodeLink link, SessionState state) {
    revision = Math.max(revision, state.revision());
    cluster.saw(revision);
    link.node().told(state.freshness());
    cluster.learn(link.node(), state);
    if (!state.settings().isEmpty()) {
      settings.putAll(state.settings());
      readSettings();
      link.made(state.settings());
    }
  }

  @Override
  public boolean learnLeader(String hint, NodeLink from) {
    return cluster.learnLeader(hint, from.address());
  }

  @Override
  public void drop(NodeLink link, LinkException loss) {
    links.drop(link, loss);
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
      clusters.leave(this, cluster);
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
    clusters.leave(this, cluster);
  }
}
