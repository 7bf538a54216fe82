package io.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.JGroupsMessenger;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.config.ConfigException;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.dispatch.PeerQuestions;
import io.quorate.server.format.AdmissionQuestion;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Nodes by their addresses, for one that takes part in nothing yet. Thread-safe; blocks its
 * callers.
 */
final class ClusterContacts {
  private static final int CONNECT_MILLIS = 2000;
  private static final Duration QUESTION = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

  private final JGroupsMessenger messenger;
  private final RpcHub hub;
  private final LongSupplier nanoClock;

  ClusterContacts(JGroupsMessenger messenger, RpcHub hub, LongSupplier nanoClock) {
    this.messenger = messenger;
    this.hub = hub;
    this.nanoClock = nanoClock;
  }

  /** Where the other nodes that are seen listen. */
  List<HostPort> others() {
    return messenger.peers().stream()
        .filter(peer -> !peer.member().equals(messenger.self()) && !peer.address().isEmpty())
        .map(peer -> HostPort.parse(peer.address()))
        .toList();
  }

  /** Looks whether those that want to enter are reached where they say that they listen. */
  WayBack wayBack(Executor threads) {
    return new WayBack(this::addressOf, this::requireReachable, threads);
  }

  private Optional<HostPort> addressOf(MemberId member) {
    return messenger.peers().stream()
        .filter(peer -> peer.member().equals(member) && !peer.address().isEmpty())
        .map(peer -> HostPort.parse(peer.address()))
        .findFirst();
  }

  /**
   * Connects to the address once.
   *
   * @throws QuorateException {@link ErrorCode#NODE_UNREACHABLE} where nobody listens
   */
  void requireReachable(HostPort address) {
    try (Socket socket = new Socket()) {
      socket.connect(resolve(address), CONNECT_MILLIS);
    } catch (IOException e) {
      throw new QuorateException(
          ErrorCode.NODE_UNREACHABLE,
          "Can't connect server: " + address + ", " + e.getMessage(),
          e);
    }
  }

  private static InetSocketAddress resolve(HostPort address) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getAllByName(address.host())[0], address.port());
  }

  /**
   * Asks whoever leads among those at the addresses whether it would let {@code joiner} in.
   *
   * @param cluster that its data directory belongs to; empty for a fresh one
   * @throws QuorateException when it would not, or nobody of them answers, or leads
   */
  void requireAdmission(
      List<HostPort> addresses,
      MemberId joiner,
      String cluster,
      IdentityConfig.Role role,
      Deadline deadline,
      CancelFlag cancel) {
    byte[] question =
        PeerQuestion.newBuilder()
            .setAdmission(
                AdmissionQuestion.newBuilder()
                    .setMember(joiner.toString())
                    .setCluster(cluster)
                    .setLearner(role == IdentityConfig.Role.LEARNER)
                    .setWitness(role == IdentityConfig.Role.WITNESS))
            .build()
            .toByteArray();
    List<InetSocketAddress> targets = targets(addresses);
    targets.forEach(messenger::addContact);
    QuorateException problem = nobody(addresses);
    while (!deadline.expired()) {
      int refusals = 0;
      for (MemberId member : at(targets)) {
        PeerAnswer answer = ask(member, question, QUESTION).orElse(PeerAnswer.getDefaultInstance());
        if (!answer.getCluster().isEmpty()) {
          return;
        } else if (!answer.getError().isEmpty()) {
          problem = refusal(answer);
          refusals += answer.getRefused() ? 1 : 0;
        }
        if (answer.getRefused() && problem.code() != ErrorCode.LEADER_UNREACHABLE) {
          throw problem;
        }
      }
      if (refusals == targets.size()) {
        break;
      }
      cancel.check();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw problem;
  }

  /**
   * The address that an operator has written. Who listens everywhere listens on this machine.
   *
   * @throws QuorateException {@link ErrorCode#INVALID_NODE_ADDRESS} where it is none
   */
  static HostPort addressOf(String text) {
    HostPort address;
    try {
      address = HostPort.parse(text);
    } catch (ConfigException e) {
      throw new QuorateException(
          ErrorCode.INVALID_NODE_ADDRESS,
          "Invalid server address " + text + ": " + e.getMessage(),
          e);
    }
    if (address.port() == 0) {
      throw new QuorateException(
          ErrorCode.INVALID_NODE_ADDRESS, "Invalid server address %s: no port".formatted(text));
    }
    return EVERYWHERE.contains(address.host())
        ? new HostPort("127.0.0.1", address.port())
        : address;
  }

  /**
   * The node that listens at the address, and answers.
   *
   * @throws QuorateException {@link ErrorCode#NODE_UNREACHABLE} where none of ours does
   */
  MemberId require(HostPort address, Deadline deadline, CancelFlag cancel) {
    List<InetSocketAddress> target = targets(List.of(address));
    target.forEach(messenger::addContact);
    while (true) {
      for (MemberId found : at(target)) {
        // Its former process may have listened there a moment ago.
        if (ask(found, PeerQuestions.status(), QUESTION).isPresent()) {
          return found;
        }
      }
      if (deadline.expired()) {
        throw new QuorateException(
            ErrorCode.NODE_UNREACHABLE,
            "Can't connect server: %s, no node of ours answers there".formatted(address));
      }
      cancel.check();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static QuorateException nobody(List<HostPort> addresses) {
    return new QuorateException(
        ErrorCode.LEADER_UNREACHABLE,
        "Can't connect leader: no node of ours answers at " + addresses);
  }

  private static QuorateException refusal(PeerAnswer answer) {
    return new QuorateException(
        PeerAnswers.codeOf(answer.getErrorNumber()).orElse(ErrorCode.LEADER_UNREACHABLE),
        answer.getError());
  }

  private static List<InetSocketAddress> targets(List<HostPort> addresses) {
    List<InetSocketAddress> targets = new ArrayList<>();
    for (HostPort address : addresses) {
      try {
        targets.add(resolve(address));
      } catch (UnknownHostException e) {
        throw new QuorateException(
            ErrorCode.NODE_UNREACHABLE,
            "Can't connect server: " + address + ", the host is unknown",
            e);
      }
    }
    return targets;
  }

  /** Of each address the node heard last: one may have been there before, under another name. */
  private List<MemberId> at(List<InetSocketAddress> targets) {
    List<MemberId> found = new ArrayList<>();
    for (InetSocketAddress target : targets) {
      String wanted = target.getAddress().getHostAddress() + ":" + target.getPort();
      messenger.peers().stream()
          .filter(peer -> peer.address().equals(wanted))
          .filter(peer -> !peer.member().equals(messenger.self()))
          .min(Comparator.comparing(JGroupsMessenger.Peer::silence))
          .ifPresent(peer -> found.add(peer.member()));
    }
    return found;
  }

  /** Its answer; empty without one. */
  Optional<PeerAnswer> ask(MemberId member, byte[] question, Duration patience) {
    CompletableFuture<byte[]> answer =
        hub.ask(member, question, Deadline.after(patience, nanoClock));
    try {
      return Optional.of(
          PeerAnswer.parseFrom(answer.get(patience.toMillis() + 1000, TimeUnit.MILLISECONDS)));
    } catch (ExecutionException | TimeoutException | InvalidProtocolBufferException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(ErrorCode.CANCELLED, "interrupted while nodes were asked", e);
    }
  }
}
