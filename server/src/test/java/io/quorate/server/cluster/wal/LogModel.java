package io.quorate.server.cluster.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The log as it ought to be, beside a log under test. While an operation runs, every state that a
 * crash may leave is kept; afterwards only the last.
 */
final class LogModel {
  static final WalConfig CONFIG = new WalConfig(WalConfig.SEGMENT_BYTES_MIN, 200_000);
  static final Executor AT_ONCE = Runnable::run;

  /** Entries since the last reset, with those whose prefix was given up. */
  private State state = new State(new TreeMap<>(), 1, 1);

  private List<State> possible = List.of(state);
  private long term = 1;

  /**
   * @param first no higher than this may a reopened log begin
   */
  private record State(TreeMap<Long, Entry> entries, long first, long next) {
    State cut(long kept) {
      return new State(new TreeMap<>(entries.headMap(kept, true)), first, kept + 1);
    }

    State plus(Entry entry) {
      TreeMap<Long, Entry> more = new TreeMap<>(entries.headMap(entry.index(), false));
      more.put(entry.index(), entry);
      return new State(more, first, entry.index() + 1);
    }
  }

  static WriteAheadLog newLog(Disk disk) {
    return new WriteAheadLog(disk, CONFIG, AT_ONCE, failure -> {});
  }

  long first() {
    return state.first();
  }

  long next() {
    return state.next();
  }

  /** Does one random thing to the log and the model. */
  void step(WriteAheadLog log, RandomGenerator random) throws IOException {
    int dice = random.nextInt(20);
    if (dice < 13) {
      append(log, random, state.next());
    } else if (dice < 15) {
      append(log, random, between(random, state.first(), state.next()));
    } else if (dice < 17) {
      truncateSuffix(log, between(random, state.first() - 1, state.next() - 1));
    } else if (dice < 19) {
      truncatePrefix(log, between(random, state.first(), state.next() + 1));
    } else {
      reset(log, state.next() + random.nextInt(3));
    }
  }

  private static long between(RandomGenerator random, long low, long high) {
    return low + random.nextLong(high - low + 1);
  }

  private void append(WriteAheadLog log, RandomGenerator random, long from) throws IOException {
    term += random.nextInt(2);
    List<Entry> batch = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      batch.add(entry(from + i, term, payloadBytes(random), random));
    }
    append(log, batch);
  }

  private static int payloadBytes(RandomGenerator random) {
    int dice = random.nextInt(30);
    if (dice == 0) {
      return 60_000 + random.nextInt(60_000);
    }
    return dice < 12 ? random.nextInt(12_000) : random.nextInt(300);
  }

  static Entry entry(long index, long term, int bytes, RandomGenerator random) {
    byte[] payload = new byte[bytes];
    random.nextBytes(payload);
    return new Entry(index, term, random.nextInt(5) == 0, ByteBuffer.wrap(payload));
  }

  static Entry entry(long index, long term, String text) {
    return new Entry(index, term, false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  void append(WriteAheadLog log, List<Entry> batch) throws IOException {
    List<State> states = new ArrayList<>(List.of(state));
    for (Entry entry : batch) {
      states.add(states.get(states.size() - 1).plus(entry));
    }
    run(states, () -> log.append(batch));
  }

  void truncateSuffix(WriteAheadLog log, long kept) throws IOException {
    run(List.of(state, state.cut(kept)), () -> log.truncateSuffix(kept));
  }

  void truncatePrefix(WriteAheadLog log, long kept) throws IOException {
    State after =
        kept > state.next()
            ? new State(new TreeMap<>(), kept, kept)
            : new State(state.entries(), kept, state.next());
    run(List.of(state, after), () -> log.truncatePrefix(kept));
  }

  void reset(WriteAheadLog log, long next) throws IOException {
    run(List.of(state, new State(new TreeMap<>(), next, next)), () -> log.reset(next));
  }

  private void run(List<State> states, FailStop.Action action) throws IOException {
    possible = states;
    action.run();
    state = states.get(states.size() - 1);
    possible = List.of(state);
  }

  /** The running log is the model, to the last byte. */
  void assertSame(WriteAheadLog log) throws IOException {
    assertThat(log.firstIndex()).isEqualTo(state.first());
    assertThat(log.lastIndex()).isEqualTo(state.next() - 1);
    assertThat(difference(log, state)).isEmpty();
  }

  /** The reopened log is in a state that the model allows, from which both go on. */
  void assertRecovered(WriteAheadLog log) throws IOException {
    List<String> differences = new ArrayList<>();
    for (int i = possible.size() - 1; i >= 0; i--) {
      String difference = difference(log, possible.get(i));
      if (difference.isEmpty()) {
        State found = possible.get(i);
        state = new State(found.entries(), log.firstIndex(), found.next());
        possible = List.of(state);
        return;
      }
      differences.add(difference);
    }
    assertThat(differences).as("recovered as none of the possible states").isEmpty();
  }

  private static String difference(WriteAheadLog log, State state) throws IOException {
    if (log.lastIndex() != state.next() - 1) {
      return "last index " + log.lastIndex() + ", not " + (state.next() - 1);
    }
    if (log.firstIndex() > state.first()) {
      return "first index " + log.firstIndex() + " is above " + state.first();
    }
    for (long at = log.firstIndex(); at < state.next(); at++) {
      Entry expected = state.entries().get(at);
      ByteBuffer payload = log.read(at);
      if (expected == null || !expected.payload().equals(payload)) {
        return "entry " + at + " differs";
      }
      if (expected.term() != log.termAt(at)) {
        return "term of " + at + " differs";
      }
    }
    long[] memberships =
        state.entries().tailMap(log.firstIndex()).values().stream()
            .filter(Entry::membership)
            .mapToLong(Entry::index)
            .toArray();
    boolean outside = log.read(log.firstIndex() - 1) != null || log.read(state.next()) != null;
    if (outside) {
      return "entries outside of the log";
    }
    return Arrays.equals(memberships, log.membershipIndexes()) ? "" : "memberships differ";
  }
}
