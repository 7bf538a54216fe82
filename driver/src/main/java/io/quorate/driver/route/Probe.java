package io.quorate.driver.route;

import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.SessionState;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The watch's own link to one node, and how the node behaves on it. Confined to the thread of the
 * watch.
 *
 * <pre>
 *           answers                    no answer for silentMillis
 *   (dial) ────────▶ ALIVE ─────────────────────────────────────▶ SILENT
 *     ▲ │ refused      ▲ └──── closed: dial at once ────┐            │ answers after all
 *     │ ▼              └────────────────────────────────┼────────────┘
 *     GONE ◀────────────────────────────────────────────┘
 * </pre>
 */
final class Probe {
  /** By this name nodes and tests know that no statement will come. */
  static final String CLIENT = "quorate-jdbc-watch/" + Frame.VERSION;

  /** A socket that was silent for so long is given up; perhaps its machine is no more. */
  private static final long SOCKET_SILENT_NANOS = 10_000_000_000L;

  private static final long NOT_LET_IN_NANOS = 60_000_000_000L;

  /** To see whether something has come, without waiting for it. */
  private static final int GLANCE_MILLIS = 1;

  private static final Random NONCES = new SecureRandom();

  private final Cluster cluster;
  private final NodeState state;
  private final WatchTimes times;
  private @Nullable NodeLink link;

  /** When the question was sent that is unanswered; 0 without one. */
  private long askedNanos;

  /** Since when nothing is heard, when that is too long; 0 if it is not. */
  private long silentNanos;

  /** Since when it turns connections away; 0 if it does not. */
  private long goneNanos;

  private long redialNanos;

  Probe(Cluster cluster, NodeAddress node, WatchTimes times) {
    this.cluster = cluster;
    this.state = cluster.state(node);
    this.times = times;
    this.redialNanos = System.nanoTime();
  }

  /** Whether asking will not take long, as far as can be told. */
  boolean isQuick() {
    return askedNanos == 0 && silentNanos == 0;
  }

  /** Whether it answered the last time. */
  boolean isAlive() {
    return link != null && silentNanos == 0;
  }

  /**
   * Asks once, for at most {@link WatchTimes#answerMillis} or {@link WatchTimes#dialMillis} twice.
   *
   * @param mayDialSlowly whether there is time to dial a node that was silent
   * @return whether it took long
   */
  boolean round(boolean mayDialSlowly) {
    NodeLink open = link;
    if (open != null) {
      ask(open);
      return false;
    }
    boolean slow = silentNanos != 0;
    if (System.nanoTime() - redialNanos < 0 || (slow && !mayDialSlowly)) {
      return false;
    }
    dial();
    return slow;
  }

  private void ask(NodeLink open) {
    boolean first = askedNanos == 0;
    if (first) {
      askedNanos = System.nanoTime();
    }
    try {
      Message answer = open.ping(first ? times.answerMillis() : GLANCE_MILLIS);
      long now = System.nanoTime();
      if (answer != null) {
        if (first) {
          state.roundTrip(now - askedNanos);
        }
        heard(answer.state());
      } else if (now - askedNanos > times.silentMillis() * 1_000_000L) {
        silent(open, now);
      }
    } catch (LinkException e) {
      lost();
      dial();
    }
  }

  private void heard(SessionState told) {
    askedNanos = 0;
    silentNanos = 0;
    goneNanos = 0;
    state.alive();
    state.told(told.freshness());
    cluster.learn(state, told);
  }

  private void silent(NodeLink open, long now) {
    silentNanos = askedNanos;
    state.failed("silent for " + (now - askedNanos) / 1_000_000 + " ms");
    if (now - askedNanos > SOCKET_SILENT_NANOS) {
      open.close();
      lost();
    }
  }

  private void lost() {
    link = null;
    askedNanos = 0;
  }

  private void dial() {
    RouteOptions options = cluster.options();
    Map<String, String> named = Map.of(Router.APPLICATION_NAME, "quorate-jdbc-watch");
    NodeAddress at = state.dial();
    Dial dial = new Dial(at, options.tls(), times.dialMillis());
    long began = System.nanoTime();
    try {
      NodeLink opened = NodeLink.open(dial, new Greeting(CLIENT, options, named, NONCES));
      if (opened.welcome().cluster().equals(cluster.id())) {
        greeted(opened, began);
      } else {
        opened.bye();
        gone(began, at + " belongs to another cluster");
      }
    } catch (LinkException e) {
      state.notReachedAt(at);
      if (!(e.getCause() instanceof SocketTimeoutException)) {
        gone(began, String.valueOf(e.getMessage()));
      } else if (NodeLink.isAlive(dial)) {
        busy();
      } else {
        redialNanos = System.nanoTime() + times.redialMillis() * 1_000_000L;
        silentNanos = silentNanos == 0 ? began : silentNanos;
        state.failed(String.valueOf(e.getMessage()));
      }
    } catch (SQLException e) {
      busy();
      if (e.getSQLState().startsWith("28")) {
        // A password was changed behind our back; asking often would look like guessing.
        redialNanos = System.nanoTime() + NOT_LET_IN_NANOS;
      }
    }
  }

  private void greeted(NodeLink opened, long began) {
    cluster.met(opened.dialled(), opened.address());
    if (opened.address().equals(state.address())) {
      link = opened;
      heard(opened.welcome().state());
      return;
    }
    // A contact point is watched by its own name from the next round on.
    cluster.learn(cluster.state(opened.address()), opened.welcome().state());
    opened.bye();
    redialNanos = System.nanoTime() + times.redialMillis() * 1_000_000L;
    if (!cluster.options().contacts().contains(state.address())) {
      gone(began, state.address() + " is answered for by " + opened.address());
    }
  }

  /** Who cannot greet us now, or turns us away, lives; and is not helped by being asked again. */
  private void busy() {
    redialNanos = System.nanoTime() + times.redialMillis() * 1_000_000L;
    silentNanos = 0;
    goneNanos = 0;
    state.alive();
  }

  private void gone(long since, String why) {
    goneNanos = goneNanos == 0 ? since : goneNanos;
    silentNanos = 0;
    state.failed(why);
  }

  /**
   * Breaks off a call on a link of somebody's that waits in vain.
   *
   * @param elsewhere whether another node lives
   */
  void judge(NodeLink waiting, boolean elsewhere) {
    long since = waiting.waitingSinceNanos();
    if (since == 0 || (silentNanos == 0 && goneNanos == 0)) {
      return;
    }
    long now = System.nanoTime();
    // Who takes no new connections may still be about to answer the old ones.
    long silence = silentNanos == 0 ? now - Math.max(goneNanos, since) : now - silentNanos;
    boolean mayWait = silentNanos == 0 || !elsewhere;
    int patience = times.patienceMillis(waiting.patience(), !mayWait);
    if (silence > patience * 1_000_000L && now - since > times.roundMillis() * 1_000_000L) {
      waiting.breakOff(since);
    }
  }

  void close() {
    NodeLink open = link;
    lost();
    if (open != null) {
      open.bye();
    }
  }
}
