package io.quorate.server;

import io.quorate.server.cluster.wal.LogCheck;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.store.MvEngine;
import io.quorate.server.store.SnapshotFiles;
import io.quorate.server.store.SnapshotStream;
import io.quorate.server.store.StateHash;
import io.quorate.server.store.StoreConfig;
import io.quorate.server.store.StoreDamagedException;
import io.quorate.server.store.StoreFailedException;
import io.quorate.server.store.StoreView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Verifies a data directory on which no node runs: every byte that has a checksum, that the rows
 * agree with each other ({@link RowsCheck}), and that log, snapshot and store fit together. Changes
 * nothing. Confined to one thread; used once.
 */
public final class DataCheck {
  private static final String SNAPSHOT = "snapshot_";

  private final List<Finding> findings = new ArrayList<>();

  /** Highest revision from which the log has to go on; -1 while there is none. */
  private long newest = -1;

  private DataCheck() {}

  /** How a part of the directory is. */
  public enum State {
    OK,
    /** It is not there; a start makes it, or builds it from the other parts. */
    MISSING,
    DAMAGED
  }

  /** What is to be said of a part. */
  public record Finding(String part, State state, String detail) {}

  /**
   * What was found.
   *
   * @param storeRevision of the store, -1 when it cannot be told
   * @param lastIndex of the log, -1 when it cannot be told
   */
  public record Report(List<Finding> findings, long storeRevision, long lastIndex) {
    public Report {
      findings = List.copyOf(findings);
    }

    public boolean sound() {
      return findings.stream().noneMatch(finding -> finding.state == State.DAMAGED);
    }
  }

  /**
   * Verifies the directory.
   *
   * @throws QuorateException when it is no data directory, or a node runs on it
   */
  public static Report of(Path path) {
    try (DataDirectory directory = DataDirectory.openExisting(path)) {
      return new DataCheck().run(directory);
    }
  }

  private Report run(DataDirectory directory) {
    DataDirectory.Identity identity = directory.identity();
    String cluster = identity.cluster().isEmpty() ? "no cluster yet" : identity.cluster();
    String kind = identity.witness() ? ", a witness: the log without rows of tables" : "";
    add("identity", State.OK, "node " + identity.member() + ", " + cluster + kind);
    vote(directory);
    long storeRevision = store(directory.rows());
    snapshots(directory.snapshots());
    long last = log(directory);
    if (last >= 0 && storeRevision > last) {
      add("store", State.DAMAGED, "is at revision " + storeRevision + ", the log ends at " + last);
    }
    return new Report(findings, storeRevision, last);
  }

  private void add(String part, State state, String detail) {
    findings.add(new Finding(part, state, detail));
  }

  private void vote(DataDirectory directory) {
    try {
      add("vote", State.OK, "term " + LogCheck.termOfVote(directory.log()));
    } catch (IOException e) {
      add("vote", State.DAMAGED, String.valueOf(e.getMessage()));
    }
  }

  private long log(DataDirectory directory) {
    try {
      directory.requireLog();
      LogCheck.Extent extent = LogCheck.log(directory.log());
      if (extent.first() > Math.max(newest, 0) + 1) {
        add("log", State.DAMAGED, "begins at " + extent.first() + ", and nothing leads up to it");
      } else if (extent.last() < extent.first()) {
        add("log", State.OK, "empty, goes on at " + extent.first());
      } else {
        add("log", State.OK, "entries " + extent.first() + " to " + extent.last());
      }
      return extent.last();
    } catch (IOException | QuorateException e) {
      add("log", State.DAMAGED, String.valueOf(e.getMessage()));
      return -1;
    }
  }

  private void snapshots(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().startsWith(SNAPSHOT))
              .sorted()
              .toList();
      for (Path each : found) {
        snapshot(each);
      }
      if (found.isEmpty()) {
        add("snapshot", State.MISSING, "none was made yet");
      }
    } catch (IOException e) {
      add("snapshot", State.DAMAGED, String.valueOf(e.getMessage()));
    }
  }

  private void snapshot(Path directory) {
    try (InputStream source = SnapshotFiles.read(directory)) {
      long revision = SnapshotStream.verify(source).revision();
      newest = Math.max(newest, revision);
      add("snapshot", State.OK, "revision " + revision);
    } catch (IOException | StoreDamagedException e) {
      add("snapshot", State.DAMAGED, directory + ": " + e.getMessage());
    }
  }

  private long store(Path file) {
    if (!Files.exists(file)) {
      add("store", State.MISSING, "is built from snapshot and log at the next start");
      return -1;
    }
    MvEngine engine = new MvEngine(StoreConfig.of(file).toReadOnly(), entries -> {}, failure -> {});
    try (engine) {
      engine.open();
      long revision = engine.appliedRevision();
      RowsCheck.Result result;
      try (StoreView view = engine.openView()) {
        result = RowsCheck.of(view);
        if (!StateHash.scan(view).equals(view.hash())) {
          add("store", State.DAMAGED, "the rows are not those that were written, by their hash");
        }
      }
      for (String problem : result.problems()) {
        add("store", State.DAMAGED, problem);
      }
      if (result.problems().isEmpty()) {
        add("store", State.OK, text(revision, result));
      }
      newest = Math.max(newest, revision);
      return revision;
    } catch (StoreDamagedException | StoreFailedException e) {
      add("store", State.DAMAGED, String.valueOf(e.getMessage()));
      return -1;
    }
  }

  private static String text(long revision, RowsCheck.Result result) {
    String text =
        "revision %d, %d tables, %d indexes, %d rows"
            .formatted(revision, result.tables(), result.indexes(), result.rows());
    return result.leftovers() == 0
        ? text
        : text + ", " + result.leftovers() + " leftovers of definitions that were given up";
  }
}
