package io.quorate.server;

import com.google.protobuf.UnsafeByteOperations;
import io.quorate.driver.ErrorCode;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.SnapshotAnswer;
import io.quorate.server.format.SnapshotPart;
import io.quorate.server.format.SnapshotQuestion;
import io.quorate.server.format.StateAnswer;
import io.quorate.server.format.StateMark;
import io.quorate.server.format.StateQuestion;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.store.StateHash;
import io.quorate.server.store.StateMarks;
import io.quorate.server.store.StoreDamagedException;
import io.quorate.server.store.StoreView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Answers what other members ask about the rows of this one. Thread-safe; never blocks. */
final class ReplicaAnswers {
  /** Of a file at once; a frame takes sixteen times as much. */
  private static final int PART_BYTES = 1 << 20;

  private static final String SNAPSHOT = "snapshot_";

  private final Node.Parts node;
  private final Path snapshots;
  private final Executor executor;
  private final RandomGenerator random;
  private final LongSupplier nanoClock;

  /**
   * @param executor whose threads may block
   * @param random for the names of requests
   */
  ReplicaAnswers(
      Node.Parts node,
      DataDirectory directory,
      Executor executor,
      RandomGenerator random,
      LongSupplier nanoClock) {
    this.node = node;
    this.snapshots = directory.snapshots();
    this.executor = executor;
    this.random = random;
    this.nanoClock = nanoClock;
  }

  /** A question about the state, or for a snapshot. */
  CompletableFuture<PeerAnswer> answer(PeerQuestion question) {
    return question.hasState() ? answer(question.getState()) : answer(question.getSnapshot());
  }

  CompletableFuture<PeerAnswer> answer(StateQuestion question) {
    if (question.getRevision() == 0) {
      return mark()
          .thenApply(
              revision ->
                  answer(
                      StateAnswer.newBuilder()
                          .setMark(StateMark.newBuilder().setRevision(revision))
                          .build()))
          .exceptionally(failure -> PeerAnswers.error(ErrorMapper.map(failure)).build());
    }
    Deadline deadline = Deadline.after(Duration.ofMillis(question.getTimeoutMillis()), nanoClock);
    return elsewhere(() -> answer(check(question.getRevision(), deadline)));
  }

  private static PeerAnswer answer(StateAnswer state) {
    return PeerAnswer.newBuilder().setState(state).build();
  }

  private CompletableFuture<PeerAnswer> elsewhere(Supplier<PeerAnswer> work) {
    try {
      return CompletableFuture.supplyAsync(work, executor)
          .exceptionally(failure -> PeerAnswers.error(ErrorMapper.map(failure)).build());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(
          PeerAnswers.error(
                  new QuorateException(ErrorCode.OVERLOADED, "too many questions wait here"))
              .build());
    }
  }

  /** Has all replicas mark their state; completes with the revision of the mark. On the leader. */
  CompletableFuture<Long> mark() {
    return node.replica()
        .proposer()
        .propose(
            new RequestId(random.nextLong(), 1),
            node.replica().applied().current(),
            WriteSet.newBuilder().setMark(true).setUpdateCount(0).build())
        .thenApply(applied -> applied.index());
  }

  /**
   * Reads all rows, once the state is marked at the revision; blocks.
   *
   * @throws QuorateException when it is not marked by the deadline, holds no rows, or has one that
   *     is not what was written
   */
  StateAnswer check(long revision, Deadline deadline) {
    node.replica().requireAllRows();
    node.replica().applied().await(revision, deadline);
    try (StoreView view = node.replica().store().openView()) {
      StateHash hash =
          view.marks()
              .at(revision)
              .orElseThrow(
                  () ->
                      new QuorateException(
                          ErrorCode.NOT_SUPPORTED,
                          "this node has no mark of revision %d: it was too long ago, or its version makes none"
                              .formatted(revision)));
      requireSound(view);
      return StateAnswer.newBuilder()
          .setMark(ReplicaAgreement.told(new StateMarks.Mark(revision, hash)))
          .setScanned(view.revision())
          .build();
    }
  }

  private static void requireSound(StoreView view) {
    try {
      view.requireSound();
    } catch (StoreDamagedException e) {
      throw new QuorateException(ErrorCode.DATA_CORRUPTED, String.valueOf(e.getMessage()), e);
    }
  }

  private CompletableFuture<PeerAnswer> answer(SnapshotQuestion question) {
    if (!question.getName().isEmpty()) {
      return elsewhere(() -> part(question));
    }
    try {
      requireUseful(question);
    } catch (QuorateException e) {
      return CompletableFuture.completedFuture(PeerAnswers.error(e).build());
    }
    return node.consensus()
        .snapshot()
        .thenCompose(made -> elsewhere(() -> offer(question)))
        .exceptionally(failure -> PeerAnswers.error(ErrorMapper.map(failure)).build());
  }

  private void requireUseful(SnapshotQuestion question) {
    node.replica().requireAllRows();
    if (!question.getCluster().equals(node.directory().cluster())) {
      throw refused("this is cluster " + node.directory().cluster());
    }
    StateMarks marks = node.replica().store().marks();
    long revision = question.getAgreed().getRevision();
    Optional<StateHash> here = marks.at(revision);
    if (here.isPresent()
        ? !here.get().equals(ReplicaAgreement.hashOf(question.getAgreed()))
        : marks.newestRevision() < revision) {
      throw refused("the rows of this node are not those that most voters agree on");
    }
  }

  private static QuorateException refused(String why) {
    return new QuorateException(ErrorCode.REPLICA_DIVERGED, why);
  }

  private PeerAnswer offer(SnapshotQuestion question) {
    try (Stream<Path> all = Files.list(snapshots)) {
      Path newest =
          all.filter(path -> indexOf(path) >= question.getRevisionMin())
              .max(Comparator.comparingLong(ReplicaAnswers::indexOf))
              .orElseThrow(
                  () -> refused("there is no snapshot from " + question.getRevisionMin() + " on"));
      SnapshotAnswer.Builder offer =
          SnapshotAnswer.newBuilder().setName(newest.getFileName().toString());
      try (Stream<Path> files = Files.list(newest)) {
        for (Path file : files.sorted().toList()) {
          offer.addFiles(
              SnapshotPart.newBuilder()
                  .setFile(file.getFileName().toString())
                  .setLength(Files.size(file)));
        }
      }
      return PeerAnswer.newBuilder().setSnapshot(offer).build();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** That of its last entry; -1 for what is no snapshot. */
  private static long indexOf(Path path) {
    String name = path.getFileName().toString();
    return name.matches(SNAPSHOT + "\\d{1,18}")
        ? Long.parseLong(name.substring(SNAPSHOT.length()))
        : -1;
  }

  private PeerAnswer part(SnapshotQuestion question) {
    Path directory = snapshots.resolve(question.getName());
    if (!isFileName(question.getName())
        || !isFileName(question.getFile())
        || indexOf(directory) < 0) {
      throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, "no file is named so");
    }
    try (FileChannel file =
        FileChannel.open(directory.resolve(question.getFile()), StandardOpenOption.READ)) {
      ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
      file.position(question.getOffset());
      while (part.hasRemaining() && file.read(part) >= 0) {
        // Until it is full or the file ends.
      }
      return PeerAnswer.newBuilder()
          .setSnapshot(
              SnapshotAnswer.newBuilder().setPart(UnsafeByteOperations.unsafeWrap(part.flip())))
          .build();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Whether it is a name, and no way to another directory. */
  static boolean isFileName(String name) {
    return name.matches("[A-Za-z0-9_][A-Za-z0-9_.]{0,99}");
  }

  /** A newer snapshot may have taken its place; whoever asks begins again. */
  private static QuorateException unreadable(IOException e) {
    return new QuorateException(
        ErrorCode.IO_ERROR, "the snapshot cannot be read: " + e.getMessage(), e);
  }
}
