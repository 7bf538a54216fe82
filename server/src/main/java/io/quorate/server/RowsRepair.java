package io.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.cluster.wal.LogCheck;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.SnapshotAnswer;
import io.quorate.server.format.SnapshotPart;
import io.quorate.server.format.SnapshotQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.store.SnapshotFiles;
import io.quorate.server.store.SnapshotStream;
import io.quorate.server.store.StateMarks;
import io.quorate.server.store.StoreDamagedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a snapshot of another node for one whose rows have {@linkplain Divergence diverged}, before
 * its log is opened. Its own snapshots may be of the wrong rows, and are thrown away; its log and
 * its vote are what it has promised, and stay. To the log a snapshot of another member is one like
 * any other, as if the leader had installed it.
 *
 * <p>Confined to the thread that opens the node, which it blocks. A crash on the way leaves the
 * directory as it was, or so that all of it is done again.
 */
final class RowsRepair {
  private static final Logger log = LoggerFactory.getLogger(RowsRepair.class);

  /** For a snapshot to be written. */
  private static final Duration MAKING = Duration.ofSeconds(60);

  private static final Duration COPYING = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final DataDirectory directory;
  private final Peers peers;
  private final Supplier<List<MemberId>> reachable;
  private final LongSupplier nanoClock;
  private String lastProblem = "no member answered";

  /**
   * @param reachable the members whose address is known at the moment
   */
  RowsRepair(
      DataDirectory directory,
      Peers peers,
      Supplier<List<MemberId>> reachable,
      LongSupplier nanoClock) {
    this.directory = directory;
    this.peers = peers;
    this.reachable = reachable;
    this.nanoClock = nanoClock;
  }

  /**
   * Does it.
   *
   * @throws QuorateException when no member has given its rows by the deadline
   */
  void run(Divergence divergence, Deadline deadline) {
    SnapshotQuestion.Builder question =
        SnapshotQuestion.newBuilder()
            .setCluster(directory.identity().cluster())
            .setAgreed(
                ReplicaAgreement.told(
                    new StateMarks.Mark(divergence.revision(), divergence.agreed())));
    try {
      question.setRevisionMin(Math.max(0, LogCheck.log(directory.log()).first() - 1));
      while (!deadline.expired()) {
        for (MemberId member : reachable.get()) {
          if (take(member, question)) {
            log.atWarn().addKeyValue("of", member).log("the node has the rows of another one now");
            return;
          }
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException e) {
      throw new QuorateException(
          ErrorCode.IO_ERROR, "the rows were not got from another node: " + e.getMessage(), e);
    }
    throw new QuorateException(
        ErrorCode.REPLICA_DIVERGED,
        "the rows of this node are wrong, and no other node has given it its own; " + lastProblem);
  }

  private boolean take(MemberId member, SnapshotQuestion.Builder question) throws IOException {
    Path fetched = directory.fetched();
    SnapshotAnswer offer;
    try {
      offer = ask(member, question.clearName().clearFile().clearOffset(), MAKING);
      empty(fetched);
      Files.createDirectories(fetched);
      for (SnapshotPart part : offer.getFilesList()) {
        copy(member, question.setName(offer.getName()), part);
      }
      try (InputStream source = SnapshotFiles.read(fetched)) {
        SnapshotStream.verify(source);
      }
    } catch (QuorateException | StoreDamagedException e) {
      lastProblem = member.name() + " says: " + e.getMessage();
      return false;
    }
    sync(fetched);
    if (Files.exists(directory.rows())) {
      Files.move(
          directory.rows(),
          directory.rows().resolveSibling("rows.mv.damaged"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    empty(directory.snapshots());
    Files.createDirectories(directory.snapshots());
    Files.move(
        fetched, directory.snapshots().resolve(offer.getName()), StandardCopyOption.ATOMIC_MOVE);
    sync(directory.snapshots());
    Divergence.forget(directory);
    return true;
  }

  private void copy(MemberId member, SnapshotQuestion.Builder question, SnapshotPart part)
      throws IOException {
    String name = part.getFile();
    if (!ReplicaAnswers.isFileName(name)) {
      throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, "a file is named " + name);
    }
    try (FileChannel file =
        FileChannel.open(
            directory.fetched().resolve(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      while (file.position() < part.getLength()) {
        SnapshotAnswer answer =
            ask(member, question.setFile(name).setOffset(file.position()), COPYING);
        ByteBuffer bytes = answer.getPart().asReadOnlyByteBuffer();
        if (!bytes.hasRemaining()) {
          throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, name + " ends too soon");
        }
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
      file.force(true);
    }
  }

  /**
   * @throws QuorateException when it does not answer, or will not
   */
  private SnapshotAnswer ask(
      MemberId member, SnapshotQuestion.Builder question, Duration patience) {
    byte[] bytes = PeerQuestion.newBuilder().setSnapshot(question).build().toByteArray();
    try {
      PeerAnswer answer =
          PeerAnswer.parseFrom(
              peers
                  .ask(member, bytes, Deadline.after(patience, nanoClock))
                  .get(patience.toMillis() + 1000, TimeUnit.MILLISECONDS));
      PeerAnswers.requireDone(answer);
      return answer.getSnapshot();
    } catch (ExecutionException | TimeoutException e) {
      throw new QuorateException(ErrorCode.NODE_UNREACHABLE, "it does not answer", e);
    } catch (InvalidProtocolBufferException e) {
      throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, "another language", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(ErrorCode.CANCELLED, "interrupted while rows were copied", e);
    }
  }

  private static void empty(Path room) throws IOException {
    if (Files.exists(room)) {
      DataDirectory.empty(room);
    }
    Files.deleteIfExists(room);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
