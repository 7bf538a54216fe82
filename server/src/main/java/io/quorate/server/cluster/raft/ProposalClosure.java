package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.ReplicatedState.Applied;

/**
 * Tells a proposer what became of its command.
 *
 * <p>JRaft uses one code, EPERM, both for a task it never appended and for one that it appended and
 * then lost sight of. Only the two texts that it gives before appending
 * (NodeImpl.executeApplyingTasks, 1.3.15) are taken for refusals; whatever else comes is in doubt.
 * A test holds the texts to the library.
 */
final class ProposalClosure implements Closure {
  static final String NOT_LEADER = "Is not leader.";
  static final String OTHER_TERM = "expected_term=";

  private final ProposalListener listener;

  ProposalClosure(ProposalListener listener) {
    this.listener = listener;
  }

  void applied(Applied applied) {
    listener.applied(applied.index(), applied.outcome());
  }

  /** Called by JRaft for a task that it does not hand to the state machine. */
  @Override
  public void run(Status status) {
    String text = status.getErrorMsg() == null ? "" : status.getErrorMsg();
    switch (status.getRaftError()) {
      case EPERM -> {
        if (text.equals(NOT_LEADER) || text.startsWith(OTHER_TERM)) {
          listener.refused(Refusal.NOT_LEADER);
        } else {
          listener.inDoubt(text);
        }
      }
      case EBUSY ->
          listener.refused(
              text.contains("transferring") ? Refusal.TRANSFERRING : Refusal.OVERLOADED);
      case ENODESHUTDOWN -> listener.refused(Refusal.CLOSED);
      default -> listener.inDoubt(status.getRaftError() + " " + text);
    }
  }
}
