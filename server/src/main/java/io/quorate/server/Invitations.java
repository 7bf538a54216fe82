package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.MembershipChange;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.format.InvitationQuestion;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;

/**
 * Tells nodes in mode admin to enter the cluster that this node leads. Each then does what it would
 * do if its own administrator had told it so: it looks for the leader, asks whether it would be let
 * in, and begins again as a member. Thread-safe; blocks its callers.
 */
final class Invitations {
  /** Views of JGroups that are to merge for it take some seconds, and may have to begin again. */
  private static final Duration FINDING = Duration.ofSeconds(20);

  /** The guest looks for the leader, as this node looks for it. */
  private static final Duration ANSWERING = Duration.ofSeconds(25);

  private final ClusterContacts contacts;
  private final HostPort peerAddress;
  private final String cluster;

  /**
   * @param peerAddress where this node listens for others
   */
  Invitations(ClusterContacts contacts, HostPort peerAddress, String cluster) {
    this.contacts = contacts;
    this.peerAddress = peerAddress;
    this.cluster = cluster;
  }

  /**
   * Returns when the node has agreed, and is about to enter.
   *
   * @throws QuorateException what it refuses for, or that it is not to be reached
   */
  void send(MembershipChange.Add add, ChangePatience patience) {
    HostPort address = ClusterContacts.addressOf(add.address());
    contacts.requireReachable(address);
    MemberId guest =
        contacts.require(address, patience.deadline().atMost(FINDING), patience.cancel());
    Deadline answered = patience.deadline().atMost(ANSWERING);
    InvitationQuestion question =
        InvitationQuestion.newBuilder()
            .setNode(add.node())
            .setLeader(peerAddress.toString())
            .setLearner(add.role() == IdentityConfig.Role.LEARNER)
            .setWitness(add.role() == IdentityConfig.Role.WITNESS)
            .setCluster(cluster)
            .setTimeoutMillis(answered.remaining().toMillis())
            .build();
    PeerAnswer answer =
        contacts
            .ask(
                guest,
                PeerQuestion.newBuilder().setInvitation(question).build().toByteArray(),
                answered.remaining())
            .orElseThrow(
                () ->
                    new QuorateException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "%s has not answered whether it enters; ADMIN SHOW NODES tells"
                            .formatted(add.address())));
    PeerAnswers.requireDone(answer);
  }
}
