package io.quorate.server.cluster.raft.fault;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What can go wrong, or is asked for, at a moment of a run. */
enum Fault {
  NOISE,
  ISOLATE,
  ONE_WAY,
  SPLIT,
  TELL_LOST,
  CRASH,
  CRASH_LEADER,
  CRASH_ALL,
  RESTART,
  PAUSE,
  DISK_FAILS,
  DISK_FULL,
  BIT_FLIP,
  SNAPSHOT,
  TRANSFER,
  ADD_VOTER,
  ADD_LEARNER,
  PROMOTE,
  REMOVE,
  REPLACE;

  /** How often each is chosen, out of the sum. */
  record Mix(Map<Fault, Integer> weights) {
    static final Mix ALL =
        new Mix(
            Map.ofEntries(
                Map.entry(NOISE, 2),
                Map.entry(ISOLATE, 3),
                Map.entry(ONE_WAY, 2),
                Map.entry(SPLIT, 2),
                Map.entry(TELL_LOST, 1),
                Map.entry(CRASH, 3),
                Map.entry(CRASH_LEADER, 2),
                Map.entry(CRASH_ALL, 1),
                Map.entry(RESTART, 2),
                Map.entry(PAUSE, 2),
                Map.entry(DISK_FAILS, 2),
                Map.entry(DISK_FULL, 1),
                Map.entry(BIT_FLIP, 1),
                Map.entry(SNAPSHOT, 6),
                Map.entry(TRANSFER, 3),
                Map.entry(ADD_VOTER, 3),
                Map.entry(ADD_LEARNER, 3),
                Map.entry(PROMOTE, 3),
                Map.entry(REMOVE, 4),
                Map.entry(REPLACE, 2)));

    /** For what was not synced. */
    static final Mix POWER_CUTS = new Mix(Map.of(CRASH_ALL, 3, CRASH, 1, NOISE, 1));

    /** For what a member must remember of an election. */
    static final Mix ELECTIONS =
        new Mix(Map.of(CRASH_LEADER, 2, RESTART, 3, CRASH_ALL, 1, TRANSFER, 2, ISOLATE, 1));

    /** For who counts. */
    static final Mix MEMBERSHIPS =
        new Mix(
            Map.of(
                ADD_VOTER, 3, REMOVE, 4, RESTART, 3, CRASH_LEADER, 2, TRANSFER, 2, CRASH_ALL, 1));

    Mix {
      weights = Map.copyOf(weights);
    }

    Fault choose(RandomGenerator random) {
      // Sorted, for the order of a map's entries is not part of the seed.
      TreeMap<Fault, Integer> sorted = new TreeMap<>(weights);
      int left = random.nextInt(sorted.values().stream().mapToInt(Integer::intValue).sum());
      for (Map.Entry<Fault, Integer> entry : sorted.entrySet()) {
        left -= entry.getValue();
        if (left < 0) {
          return entry.getKey();
        }
      }
      return List.copyOf(sorted.keySet()).get(0);
    }
  }
}
