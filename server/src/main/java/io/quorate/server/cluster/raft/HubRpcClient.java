package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.CallFailure;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.cluster.messaging.RpcHub.RaftMessage;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JRaft's calls to other members, over the hub of its node.
 *
 * <p>There are no connections: one is always said to exist, without I/O, since JRaft asks (and
 * would ping) while it holds its node's lock. Whether a member answers shows in the answers.
 *
 * <p>Thread-safe. A callback runs on its own executor, never on the caller's stack, for JRaft calls
 * with its locks held; what cannot be sent is thrown instead. Should that executor refuse (it is
 * shutting down, or 32 768 tasks behind), the callback runs on the thread that brought the answer:
 * a replicator that is never told stands still forever.
 */
final class HubRpcClient implements RpcClient {
  private static final Logger log = LoggerFactory.getLogger(HubRpcClient.class);

  private volatile @Nullable RpcHub hub;
  private volatile AdditionGate additions = new AdditionGate();
  private volatile Candidacy candidacy = Candidacy.atOnce();
  private volatile Predicate<MemberId> snapshotTargets = member -> true;

  @Override
  public boolean init(RpcOptions options) {
    if (!(options instanceof HubNodeOptions nodeOptions)) {
      throw new IllegalArgumentException("a node here is made with HubNodeOptions");
    }
    hub = nodeOptions.hub();
    additions = nodeOptions.additions();
    candidacy = nodeOptions.candidacy();
    snapshotTargets = nodeOptions.snapshotTargets();
    return true;
  }

  /** Closing the hub is up to who opened it. */
  @Override
  public void shutdown() {
    hub = null;
  }

  @Override
  public boolean checkConnection(Endpoint endpoint) {
    return true;
  }

  @Override
  public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
    return true;
  }

  @Override
  public void closeConnection(Endpoint endpoint) {}

  /** JRaft starts again here the replicators that found no connection; ours always find one. */
  @Override
  public void registerConnectEventListener(ReplicatorGroup replicatorGroup) {}

  @Override
  public Object invokeSync(
      Endpoint endpoint, Object request, @Nullable InvokeContext context, long timeoutMillis)
      throws InterruptedException, RemotingException {
    CompletableFuture<Object> answer = new CompletableFuture<>();
    InvokeCallback callback =
        new InvokeCallback() {
          @Override
          public void complete(Object result, Throwable failure) {
            if (failure == null) {
              answer.complete(result);
            } else {
              answer.completeExceptionally(failure);
            }
          }

          @Override
          public Executor executor() {
            return Runnable::run;
          }
        };
    invokeAsync(endpoint, request, context, callback, timeoutMillis);
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RemotingException known
          ? known
          : new RemotingException(e.getCause());
    }
  }

  @Override
  public void invokeAsync(
      Endpoint endpoint,
      Object request,
      @Nullable InvokeContext context,
      InvokeCallback callback,
      long timeoutMillis)
      throws RemotingException {
    RpcHub to = hub;
    if (to == null) {
      throw new RemotingException("the RPC client is shut down");
    }
    RaftMessage message = RaftMessages.typed(request);
    if (message == null) {
      throw new RemotingException("not a consensus message: " + request.getClass().getName());
    }
    MemberId member = PeerIds.memberOf(endpoint);
    Reply reply = new Reply(callback, additions);
    if (request instanceof RequestVoteRequest vote && vote.getPreVote() && !candidacy.mayAsk()) {
      reply.end(refusalOf(vote), null);
      return;
    }
    if (request instanceof TimeoutNowRequest && !candidacy.mayHandOver()) {
      throw new RemotingException("elections are manual: nobody is told to stand");
    }
    if (request instanceof InstallSnapshotRequest && !snapshotTargets.test(member)) {
      throw new RemotingException(
          "a witness has no rows, and sends no snapshot to " + member + ", which holds some");
    }
    try {
      to.callRaft(member, message, Duration.ofMillis(timeoutMillis), reply);
    } catch (QuorateException e) {
      throw new RemotingException(e.getMessage(), e);
    }
  }

  /** As of a member that sees no reason to elect; of the term that the asker has now. */
  private static RequestVoteResponse refusalOf(RequestVoteRequest vote) {
    return RequestVoteResponse.newBuilder().setTerm(vote.getTerm() - 1).setGranted(false).build();
  }

  /** Parses where the bytes are, hands over to JRaft's thread. */
  private record Reply(InvokeCallback callback, AdditionGate additions)
      implements RpcHub.RaftCallback {

    @Override
    public void onResponse(byte[] buffer, int offset, int length) {
      Object response;
      try {
        response = RaftMessages.parse(buffer, offset, length);
      } catch (InvalidProtocolBufferException e) {
        end(null, new RemotingException("response not understood: " + e.getMessage(), e));
        return;
      }
      end(response, null);
    }

    @Override
    public void onFailure(CallFailure failure) {
      end(
          null,
          failure.kind() == CallFailure.Kind.TIMED_OUT
              ? new InvokeTimeoutException(failure.message())
              : new RemotingException(failure.message()));
    }

    private void end(@Nullable Object response, @Nullable Throwable failure) {
      Executor executor = callback.executor();
      if (executor == null) {
        run(response, failure);
        return;
      }
      try {
        executor.execute(() -> run(response, failure));
      } catch (RejectedExecutionException e) {
        run(response, failure);
      }
    }

    private void run(@Nullable Object response, @Nullable Throwable failure) {
      additions.pass();
      try {
        callback.complete(response, failure);
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("consensus callback failed");
      }
    }
  }
}
