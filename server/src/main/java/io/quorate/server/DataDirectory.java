package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.wal.LogCheck;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.QuorateException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything one node keeps, under one directory that one process holds at a time.
 *
 * <pre>
 *   lock        held while the node runs
 *   identity    name, member number, cluster, stage, whether a witness's
 *   role        what an administrator has made of the node while it ran; not there at first
 *   peers       where members were last seen, one H:P a line
 *   given-up    that the node leaves a cluster of its own for another one; there for a moment
 *   log/        write-ahead log and vote
 *   snapshots/  snapshots of the state
 *   store/      rows
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
  private static final String IDENTITY = "identity";
  private static final String ROLE = "role";
  private static final String PEERS = "peers";
  private static final String GIVEN_UP = "given-up";
  private static final int MEMBER_NUMBERS = 999_999_999;
  private static final List<String> ROOMS = List.of("log", "snapshots", "store");

  private final Path path;
  private final FileChannel lock;
  private volatile Identity identity;

  private DataDirectory(Path path, FileChannel lock, Identity identity) {
    this.path = path;
    this.lock = lock;
    this.identity = identity;
  }

  /** How far the directory has come; it never goes back. */
  enum Stage {
    /** It belongs to no cluster. */
    NEW,
    /** It begins a cluster; its log may still be empty. */
    FOUNDING,
    /** It asks to be let into a cluster. */
    JOINING,
    /** Its log has it as a member. From here on an empty log is a lost one. */
    MEMBER
  }

  /**
   * Who the directory belongs to.
   *
   * @param cluster empty until the node has begun or joined one
   * @param witness whether it keeps the log without the rows of tables; for good, since neither a
   *     log that was cut can tell rows, nor may rows be where none are thought to be
   */
  record Identity(MemberId member, String cluster, Stage stage, boolean witness) {
    /** One that holds rows, or may come to. */
    Identity(MemberId member, String cluster, Stage stage) {
      this(member, cluster, stage, false);
    }
  }

  /** Makes or takes over the directory; it stays locked until {@link #close}. */
  static DataDirectory open(Path path, String name, RandomGenerator random) {
    try {
      for (String room : ROOMS) {
        Files.createDirectories(path.resolve(room));
      }
      FileChannel lock = lock(path);
      try {
        return new DataDirectory(path, lock, readOrDraw(path, name, random));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new QuorateException(
          ErrorCode.IO_ERROR, "data directory " + path + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Takes a directory that a node has used, to look at it; nothing is made but the lock. */
  static DataDirectory openExisting(Path path) {
    Path file = path.resolve(IDENTITY);
    if (!Files.exists(file)) {
      throw new QuorateException(
          ErrorCode.IO_ERROR, path + " is no data directory: it has no file " + IDENTITY);
    }
    try {
      FileChannel lock = lock(path);
      try {
        return new DataDirectory(path, lock, read(file));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new QuorateException(
          ErrorCode.IO_ERROR, "data directory " + path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      // Refused below, as when another process holds it.
    }
    channel.close();
    throw new QuorateException(
        ErrorCode.IO_ERROR, "data directory " + path + " is in use by another node");
  }

  /**
   * Writes down that the node gives up a cluster of its own, and what it is from its next beginning
   * on. Takes effect by {@link #settleGivenUp}.
   *
   * @param revision at which nothing was stored
   */
  void giveUpCluster(String name, long revision, AssignedRole role) {
    try {
      replace(
          path.resolve(GIVEN_UP),
          "name=%s%nrevision=%s%n%s".formatted(name, revision, role.toText()));
    } catch (IOException e) {
      throw new QuorateException(ErrorCode.IO_ERROR, "cannot write " + path.resolve(GIVEN_UP), e);
    }
  }

  /**
   * Makes a directory as if it were a fresh one, of that name and in that role, if its cluster was
   * given up; does it again where a crash came between. Where its log has grown since, somebody may
   * have written, and the node keeps its cluster.
   */
  static void settleGivenUp(Path path, RandomGenerator random) {
    Path file = path.resolve(GIVEN_UP);
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel held = lock(path)) {
      Invariant.check(held.isOpen(), "%s is held", path);
      Properties kept = new Properties();
      kept.load(new StringReader(Files.readString(file)));
      boolean begun = read(path.resolve(IDENTITY)).stage == Stage.NEW;
      long empty = Long.parseLong(kept.getProperty("revision", "0"));
      if (begun || LogCheck.log(path.resolve("log")).lastCommand() <= empty) {
        MemberId member =
            new MemberId(kept.getProperty("name", ""), 1 + random.nextInt(MEMBER_NUMBERS));
        write(path, new Identity(member, "", Stage.NEW));
        for (String room : ROOMS) {
          empty(path.resolve(room));
        }
        Files.deleteIfExists(path.resolve(PEERS));
        replace(path.resolve(ROLE), AssignedRole.of(kept).toText());
        log.atInfo().log("the node has given up a cluster of its own, which was empty");
      } else {
        log.atWarn().log("the node keeps its cluster, for something was written there");
      }
      Files.delete(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new QuorateException(
          ErrorCode.IO_ERROR, "cannot do what " + file + " says: " + e.getMessage(), e);
    }
  }

  static void empty(Path room) throws IOException {
    try (Stream<Path> files = Files.walk(room)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(room)) {
          Files.delete(file);
        }
      }
    }
  }

  private static Identity readOrDraw(Path path, String name, RandomGenerator random)
      throws IOException {
    Path file = path.resolve(IDENTITY);
    if (!Files.exists(file)) {
      Identity drawn =
          new Identity(new MemberId(name, 1 + random.nextInt(MEMBER_NUMBERS)), "", Stage.NEW);
      write(path, drawn);
      return drawn;
    }
    Identity identity = read(file);
    if (!identity.member.name().equals(name)) {
      throw new QuorateException(
          ErrorCode.IO_ERROR,
          "data directory "
              + path
              + " belongs to node "
              + identity.member.name()
              + ", not "
              + name);
    }
    return identity;
  }

  private static Identity read(Path file) throws IOException {
    Properties kept = new Properties();
    kept.load(new StringReader(Files.readString(file)));
    return new Identity(
        new MemberId(
            kept.getProperty("name", ""), Integer.parseInt(kept.getProperty("number", "0"))),
        kept.getProperty("cluster", ""),
        Stage.valueOf(kept.getProperty("stage", Stage.NEW.name())),
        Boolean.parseBoolean(kept.getProperty("witness")));
  }

  /** The cluster of a directory that is not opened; empty when it belongs to none. */
  static Optional<String> clusterOf(Path path) {
    return identityOf(path).map(Identity::cluster).filter(cluster -> !cluster.isEmpty());
  }

  /** The name of the node that a directory belongs to, which is not opened. */
  static Optional<String> nameOf(Path path) {
    return identityOf(path).map(identity -> identity.member().name());
  }

  private static Optional<Identity> identityOf(Path path) {
    Path file = path.resolve(IDENTITY);
    try {
      return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    } catch (IOException e) {
      throw new QuorateException(ErrorCode.IO_ERROR, "cannot read " + file, e);
    }
  }

  Identity identity() {
    return identity;
  }

  /** Writes down the cluster that this directory now belongs to, for good. */
  void belongTo(String cluster, Stage stage, boolean witness) {
    Invariant.check(identity.stage == Stage.NEW, "%s belongs to %s", path, identity.cluster);
    if (witness && stage == Stage.FOUNDING) {
      throw new QuorateException(
          ErrorCode.INVALID_ROLE_CHANGE,
          "a witness begins no cluster, since it holds no rows: tell it by --join whom to join");
    }
    advance(new Identity(identity.member, cluster, stage, witness));
  }

  /**
   * Refuses another kind of member than the directory is of.
   *
   * @param witness whether the node is to keep the log without rows
   */
  void requireKind(boolean witness) {
    if (identity.stage == Stage.NEW || identity.witness == witness) {
      return;
    }
    throw new QuorateException(
        ErrorCode.INVALID_ROLE_CHANGE,
        identity.witness
            ? "data directory %s is a witness's of cluster %s and has no rows; be a witness again, or begin with an empty directory"
                .formatted(path, identity.cluster)
            : "data directory %s has the rows of cluster %s, and a witness has none; begin with an empty directory"
                .formatted(path, identity.cluster));
  }

  /** Gives a directory that belongs to no cluster another name. */
  void rename(String name) {
    Invariant.check(identity.stage == Stage.NEW, "%s belongs to %s", path, identity.cluster);
    advance(
        new Identity(new MemberId(name, identity.member.number()), identity.cluster, Stage.NEW));
  }

  /** What the node was made while it ran; empty when it is what its configuration says. */
  Optional<AssignedRole> assigned() {
    return assignedOf(path);
  }

  /** As {@link #assigned}, of a directory that is not opened. */
  static Optional<AssignedRole> assignedOf(Path path) {
    Path file = path.resolve(ROLE);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      Properties kept = new Properties();
      kept.load(new StringReader(Files.readString(file)));
      return Optional.of(AssignedRole.of(kept));
    } catch (IOException | IllegalArgumentException e) {
      throw new QuorateException(
          ErrorCode.IO_ERROR,
          "cannot read "
              + file
              + "; without it the node is what its configuration says: "
              + e.getMessage(),
          e);
    }
  }

  /** Writes down what the node is from its next beginning on. */
  void assign(AssignedRole role) {
    assign(path, role);
  }

  /** As {@link #assign(AssignedRole)}, of a directory that is not opened. */
  static void assign(Path path, AssignedRole role) {
    try {
      replace(path.resolve(ROLE), role.toText());
    } catch (IOException e) {
      throw new QuorateException(ErrorCode.IO_ERROR, "cannot write " + path.resolve(ROLE), e);
    }
  }

  /** Writes down that the log has this member. */
  void becomeMember() {
    advance(new Identity(identity.member, identity.cluster, Stage.MEMBER, identity.witness));
  }

  private void advance(Identity next) {
    Invariant.check(
        next.stage.compareTo(identity.stage) >= 0, "%s follows %s", next.stage, identity.stage);
    if (next.equals(identity)) {
      return;
    }
    try {
      write(path, next);
      identity = next;
    } catch (IOException e) {
      throw new QuorateException(ErrorCode.IO_ERROR, "cannot write " + path.resolve(IDENTITY), e);
    }
  }

  /**
   * A member without its log has forgotten what it promised: were it to go on, it could vote twice,
   * or begin its cluster a second time.
   */
  void requireLog() {
    if (identity.stage != Stage.MEMBER) {
      return;
    }
    try (Stream<Path> files = Files.list(log())) {
      if (files.noneMatch(file -> file.toString().endsWith(".log"))) {
        throw new QuorateException(
            ErrorCode.DATA_CORRUPTED,
            "the log of member "
                + identity.member
                + " is gone from "
                + log()
                + "; remove the node from its cluster and join an empty directory");
      }
    } catch (IOException e) {
      throw new QuorateException(ErrorCode.IO_ERROR, "cannot read " + log(), e);
    }
  }

  /**
   * Whether no command that its log holds is newer than what is applied, so that the rows are all
   * that is known here. Reads the whole log; false where it cannot be read.
   */
  boolean hasNothingBeyond(long applied) {
    try {
      return LogCheck.log(log()).lastCommand() <= applied;
    } catch (IOException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("the log cannot be read");
      return false;
    }
  }

  private static void write(Path path, Identity identity) throws IOException {
    replace(
        path.resolve(IDENTITY),
        "name=%s%nnumber=%s%ncluster=%s%nstage=%s%nwitness=%s%n"
            .formatted(
                identity.member.name(),
                identity.member.number(),
                identity.cluster,
                identity.stage,
                identity.witness));
  }

  /** Addresses of members, as they were last seen. */
  List<String> peers() {
    try {
      Path file = path.resolve(PEERS);
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new QuorateException(ErrorCode.IO_ERROR, "cannot read " + path.resolve(PEERS), e);
    }
  }

  void rememberPeers(List<String> addresses) throws IOException {
    replace(path.resolve(PEERS), String.join("\n", addresses) + "\n");
  }

  /** Replaces a file so that after a crash it is the old one or the new one, whole. */
  static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  Path log() {
    return path.resolve("log");
  }

  Path snapshots() {
    return path.resolve("snapshots");
  }

  /** The snapshot of another node, until it is whole. */
  Path fetched() {
    return path.resolve("fetched");
  }

  /** Where it stands that the rows are not to be used, see {@link Divergence}. */
  Path diverged() {
    return path.resolve("diverged");
  }

  /** The file of the rows. */
  Path rows() {
    return path.resolve("store").resolve("rows.mv");
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new QuorateException(ErrorCode.IO_ERROR, "cannot release " + path, e);
    }
  }
}
