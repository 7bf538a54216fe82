package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequestHeader;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.cluster.messaging.RpcHub.RaftMessage;
import io.quorate.server.lang.QuorateException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands other members' requests to JRaft's processors, each on the executor it asks for. An append
 * goes to the thread that JRaft keeps for its pair of peers, so appends stay in order; a heartbeat
 * goes the same way.
 *
 * <p>Requests arrive on the messenger's threads, which only parse and enqueue. A request that
 * cannot be taken is answered with an error at once, so its sender need not wait out the deadline.
 */
final class HubRpcServer implements RpcServer {
  private static final Logger log = LoggerFactory.getLogger(HubRpcServer.class);

  private final RpcHub hub;
  private final Executor defaultExecutor;
  private final LongSupplier applied;
  private final Predicate<MemberId> snapshotSources;
  private final Runnable othersAsk;
  private final ConcurrentHashMap<String, RpcProcessor<?>> processors = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<ConnectionClosedEventListener> closedListeners =
      new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<MemberId, RemoteConnection> connections =
      new ConcurrentHashMap<>();

  /** The requests that may take minutes: snapshots that are being installed here. */
  private final Set<LongCall> longCalls = ConcurrentHashMap.newKeySet();

  private volatile boolean shutDown;

  /**
   * @param defaultExecutor for processors that name none, and for the end of connections, which
   *     waits for JRaft's threads; bounded
   * @param applied index of the last entry that this member has applied, or one before it
   * @param snapshotSources whose snapshots may be installed here
   * @param othersAsk told when another member would stand for election
   */
  HubRpcServer(
      RpcHub hub,
      Executor defaultExecutor,
      LongSupplier applied,
      Predicate<MemberId> snapshotSources,
      Runnable othersAsk) {
    this.othersAsk = othersAsk;
    this.snapshotSources = snapshotSources;
    this.hub = hub;
    this.defaultExecutor = defaultExecutor;
    this.applied = applied;
  }

  /** Registers what the members of a group need from each other. */
  void registerRaftProcessors() {
    AppendEntriesRequestProcessor appends = new AppendEntriesRequestProcessor(defaultExecutor);
    registerConnectionClosedEventListener(appends);
    registerProcessor(appends);
    registerProcessor(new RequestVoteRequestProcessor(defaultExecutor));
    registerProcessor(new TimeoutNowRequestProcessor(defaultExecutor));
    registerProcessor(new InstallSnapshotRequestProcessor(defaultExecutor));
    registerProcessor(new GetFileRequestProcessor(defaultExecutor));
    registerProcessor(new ReadIndexRequestProcessor(defaultExecutor));
    registerProcessor(new PingRequestProcessor(defaultExecutor));
  }

  /** Begins to take requests. */
  @Override
  public boolean init(@Nullable Void nothing) {
    hub.serveRaft(new Incoming());
    return true;
  }

  /** Refuses requests from now on, and lets JRaft end its threads for the connections. */
  @Override
  public void shutdown() {
    shutDown = true;
    connections.values().forEach(RemoteConnection::close);
  }

  @Override
  public void registerConnectionClosedEventListener(ConnectionClosedEventListener listener) {
    closedListeners.add(listener);
  }

  @Override
  public void registerProcessor(RpcProcessor<?> processor) {
    processors.put(processor.interest(), processor);
  }

  @Override
  public int boundPort() {
    return hub.self().number();
  }

  // Requests

  private final class Incoming implements RpcHub.RaftInbox {

    @Override
    public void onRequest(MemberId from, long callId, byte[] buffer, int offset, int length) {
      Message request;
      try {
        request = RaftMessages.parse(buffer, offset, length);
      } catch (InvalidProtocolBufferException e) {
        refuse(from, callId, ErrorCode.INTERNAL_ERROR, "request not understood: " + e.getMessage());
        return;
      }
      RpcProcessor<?> processor = processors.get(request.getClass().getName());
      if (processor == null || shutDown) {
        refuse(from, callId, ErrorCode.CANCELLED, "nobody takes " + request.getClass().getName());
        return;
      }
      if (request instanceof RequestVoteRequest vote && vote.getPreVote()) {
        othersAsk.run();
      }
      RemoteConnection connection = connectionOf(from);
      if (!connection.tryBegin()) {
        refuse(from, callId, ErrorCode.OVERLOADED, "the connection is being closed");
        return;
      }
      boolean takesLong = request instanceof InstallSnapshotRequest;
      if (takesLong && !snapshotSources.test(from)) {
        refuse(from, callId, ErrorCode.INVALID_ROLE_CHANGE, "a witness has no rows to install");
        connection.end();
        return;
      }
      if (takesLong) {
        longCalls.add(new LongCall(from, callId));
      }
      dispatch(processor, request, new Request(callId, connection, takesLong));
    }

    @Override
    public boolean isUnderWay(MemberId from, long callId) {
      return longCalls.contains(new LongCall(from, callId));
    }

    @Override
    public void onMemberLost(MemberId member) {
      RemoteConnection connection = connections.get(member);
      if (connection != null) {
        connection.lose();
      }
    }
  }

  private <T> void dispatch(RpcProcessor<T> processor, Message message, Request request) {
    // The processor was registered under this very class.
    @SuppressWarnings("unchecked")
    T typed = (T) message;
    try {
      executorOf(processor, message)
          .execute(() -> processor.handleRequest(request, withoutApplied(typed)));
    } catch (RejectedExecutionException e) {
      request.refuse(ErrorCode.OVERLOADED, "too many requests wait");
    } catch (RuntimeException e) {
      // Choosing the executor fails when the node goes away meanwhile.
      log.atWarn().setCause(e).log("consensus request not dispatched");
      request.refuse(ErrorCode.CANCELLED, "the node is closing");
    }
  }

  private <T> T withoutApplied(T message) {
    if (!(message instanceof AppendEntriesRequest append)) {
      return message;
    }
    // It is what comes in, or another of its class.
    @SuppressWarnings("unchecked")
    T cut = (T) AppliedPrefix.cut(append, applied.getAsLong());
    return cut;
  }

  private Executor executorOf(RpcProcessor<?> processor, Message message) {
    RpcProcessor.ExecutorSelector selector = processor.executorSelector();
    Executor executor = null;
    if (selector != null && message instanceof AppendEntriesRequest append) {
      executor =
          selector.select(
              processor.interest(),
              AppendEntriesRequestHeader.newBuilder()
                  .setGroupId(append.getGroupId())
                  .setServerId(append.getServerId())
                  .setPeerId(append.getPeerId())
                  .build());
    }
    if (executor == null) {
      executor = processor.executor();
    }
    return executor == null ? defaultExecutor : executor;
  }

  private void refuse(MemberId to, long callId, ErrorCode code, String why) {
    log.atDebug().addKeyValue("from", to).addKeyValue("why", why).log("request refused");
    hub.refuse(to, callId, code, why);
  }

  // Connections

  private RemoteConnection connectionOf(MemberId member) {
    RemoteConnection connection = connections.get(member);
    return connection != null
        ? connection
        : connections.computeIfAbsent(member, m -> new RemoteConnection(m, this::onClose));
  }

  /** The closed connection stays in place, and refuses, until JRaft has let go of it. */
  private void onClose(RemoteConnection connection) {
    try {
      defaultExecutor.execute(() -> tellClosed(connection));
    } catch (RejectedExecutionException e) {
      // The node is closing; its processors end with it.
      connections.remove(connection.member(), connection);
    }
  }

  private void tellClosed(RemoteConnection connection) {
    try {
      for (ConnectionClosedEventListener listener : closedListeners) {
        listener.onClosed(connection.member().toString(), connection);
      }
    } finally {
      connections.remove(connection.member(), connection);
    }
  }

  private record LongCall(MemberId from, long callId) {}

  /** One request on its way through JRaft; answered at most once. */
  private final class Request implements RpcContext {
    private final long callId;
    private final RemoteConnection connection;
    private final boolean takesLong;

    Request(long callId, RemoteConnection connection, boolean takesLong) {
      this.callId = callId;
      this.connection = connection;
      this.takesLong = takesLong;
    }

    @Override
    public void sendResponse(Object response) {
      MemberId to = connection.member();
      RaftMessage message = RaftMessages.typed(response);
      try {
        if (message == null) {
          refuse(ErrorCode.INTERNAL_ERROR, "no such response: " + response.getClass().getName());
          return;
        }
        hub.answerRaft(to, callId, message);
        end();
      } catch (QuorateException e) {
        refuse(e.code(), String.valueOf(e.getMessage()));
      }
    }

    void refuse(ErrorCode code, String why) {
      HubRpcServer.this.refuse(connection.member(), callId, code, why);
      end();
    }

    private void end() {
      if (takesLong) {
        longCalls.remove(new LongCall(connection.member(), callId));
      }
      connection.end();
    }

    @Override
    public Connection getConnection() {
      return connection;
    }

    @Override
    public String getRemoteAddress() {
      return connection.member().toString();
    }
  }
}
