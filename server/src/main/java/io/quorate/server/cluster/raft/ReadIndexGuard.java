package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.util.RpcFactoryHelper;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Refuses the read barriers of other members until this leadership has applied its first entry.
 *
 * <p>JRaft checks that itself except where a single voter makes the quorum: there it answers from a
 * commit index that, right after a restart, may be behind what was acknowledged before.
 */
final class ReadIndexGuard implements RpcProcessor<ReadIndexRequest> {
  private final Executor executor;
  private final BooleanSupplier ready;
  private final ReadIndexRequestProcessor guarded;

  ReadIndexGuard(Executor executor, BooleanSupplier ready) {
    this.executor = executor;
    this.ready = ready;
    this.guarded = new ReadIndexRequestProcessor(executor);
  }

  @Override
  public void handleRequest(RpcContext context, ReadIndexRequest request) {
    if (ready.getAsBoolean()) {
      guarded.handleRequest(context, request);
    } else {
      context.sendResponse(
          RpcFactoryHelper.responseFactory()
              .newResponse(
                  ReadIndexResponse.getDefaultInstance(),
                  RaftError.EAGAIN,
                  "not a leader that is ready"));
    }
  }

  @Override
  public String interest() {
    return ReadIndexRequest.class.getName();
  }

  @Override
  public Executor executor() {
    return executor;
  }
}
