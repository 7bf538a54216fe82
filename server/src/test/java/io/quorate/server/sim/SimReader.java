package io.quorate.server.sim;

import com.google.protobuf.ByteString;
import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.ReadGate;
import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads in a session, at any level on any node: followers, learners, members that were removed. The
 * steps are those of the server's {@code FreshViews}; where the gate would block, the read comes
 * again a little later, and gives up in the end.
 */
final class SimReader {
  private static final long PATIENCE_MICROS = 20_000;
  private static final List<Duration> BOUNDS =
      List.of(Duration.ZERO, Duration.ofMillis(2), Duration.ofMillis(20), Duration.ofMillis(200));

  private final SimWorld world;
  private final List<SimNode> nodes;
  private final List<SimSession> sessions;
  private final SimOracle oracle;
  private final Map<ReadLevel, Integer> served = new TreeMap<>();
  private int given;
  private boolean stopped;

  /**
   * @param nodes all there have been; grows
   * @param sessions of all clients
   */
  SimReader(SimWorld world, List<SimNode> nodes, List<SimSession> sessions, SimOracle oracle) {
    this.world = world;
    this.nodes = nodes;
    this.sessions = sessions;
    this.oracle = oracle;
  }

  void start() {
    world.after(world.between(1, 5000), this::next);
  }

  void stop() {
    stopped = true;
  }

  /** How many reads were let through at each level. */
  Map<ReadLevel, Integer> served() {
    return served;
  }

  int givenUp() {
    return given;
  }

  private SimSession anySession() {
    return sessions.get(world.random().nextInt(sessions.size()));
  }

  private void next() {
    if (stopped) {
      return;
    }
    SimSession session = anySession();
    if (world.oneIn(4)) {
      session.readAfter(anySession());
    }
    SimNode node = nodes.get(world.random().nextInt(nodes.size()));
    SimReading reading = node.findReading();
    if (reading != null) {
      ReadLevel[] levels = ReadLevel.values();
      ReadLevel level = levels[world.random().nextInt(levels.length)];
      Duration bound =
          level == ReadLevel.BOUNDED
              ? BOUNDS.get(world.random().nextInt(BOUNDS.size()))
              : Duration.ZERO;
      new Read(session, node, reading, new Demand(level, session.token(), bound)).step();
    }
    world.after(world.between(200, 6000), this::next);
  }

  /** One read on one node. */
  private final class Read {
    private final SimSession session;
    private final SimNode node;
    private final SimReading reading;
    private final Demand demand;
    private final long began = world.now();
    private final List<RequestId> known;
    private final long least;

    Read(SimSession session, SimNode node, SimReading reading, Demand demand) {
      this.session = session;
      this.node = node;
      this.reading = reading;
      this.demand = demand;
      this.known = List.copyOf(session.known());
      this.least = oracle.leastRevision(demand, began);
    }

    /** Goes on as far as nothing has to be waited for. */
    void step() {
      if (node.findReading() != reading) {
        given++;
        return;
      }
      Opened opened = open();
      if (opened != null) {
        check(opened);
      } else if (world.now() - began > PATIENCE_MICROS) {
        given++;
      } else {
        world.after(world.between(100, 8000), this::step);
      }
    }

    private @Nullable Opened open() {
      ReadGate gate = reading.gate();
      try {
        gate.awaitSeen(demand, reading.now());
        Opened first = newest();
        if (gate.isEnough(demand, first.mark)) {
          return first;
        }
        first.view.close();
        gate.await(demand, reading.now());
        return newest();
      } catch (QuorateException e) {
        if (e.code() != ErrorCode.REPLICA_LAGGING && e.code() != ErrorCode.NO_LEADER) {
          throw e;
        }
        return null;
      }
    }

    private Opened newest() {
      Mark mark = reading.gauge().newest();
      return new Opened(reading.openView(), mark);
    }

    /** What it shows, at once; how old that is said to be, some time later as well. */
    private void check(Opened opened) {
      served.merge(demand.level(), 1, Integer::sum);
      try (ReadView view = opened.view) {
        long revision = view.revision();
        if (revision < least) {
          throw new AssertionError(
              "%s read %s at revision %s, below %s"
                  .formatted(node.member(), demand, revision, least));
        }
        if (demand.level() != ReadLevel.LOCAL) {
          known.forEach(request -> requireShown(view, request));
        }
        session.saw(revision);
        checkAge(revision, opened.mark);
        world.after(world.between(1, 50_000), () -> checkAgeLater(revision, opened.mark));
      }
    }

    private void requireShown(ReadView view, RequestId request) {
      ByteString place = SimClient.ownRowKey(request);
      RowKey key = RowKey.wrap(place.substring(1).toByteArray());
      ByteString shown =
          view.find(place.byteAt(0), key)
              .map(row -> ByteString.copyFrom(row.unsafeBytes()))
              .orElse(ByteString.EMPTY);
      if (!shown.equals(node.model().now(place))) {
        throw new AssertionError(
            "%s read %s: the row of %s is \"%s\""
                .formatted(node.member(), demand, request, shown.toStringUtf8()));
      }
      if (shown.isEmpty()) {
        throw new AssertionError(
            "%s read %s at %s: nothing of %s, which was acknowledged"
                .formatted(node.member(), demand, view.revision(), request));
      }
    }

    private void checkAgeLater(long revision, Mark mark) {
      if (node.findReading() == reading) {
        checkAge(revision, mark);
      }
    }

    private void checkAge(long revision, Mark mark) {
      long told = reading.gauge().stalenessMillis(revision, mark);
      long truth = oracle.ageMicros(revision, world.now());
      if (told >= 0 && told * 1000 < truth) {
        throw new AssertionError(
            "%s at revision %s says %s ms, it is %s us"
                .formatted(node.member(), revision, told, truth));
      }
    }

    private record Opened(ReadView view, Mark mark) {}
  }
}
