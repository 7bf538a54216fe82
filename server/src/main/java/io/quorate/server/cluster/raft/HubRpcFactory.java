package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;
import org.jspecify.annotations.Nullable;

/**
 * Tells JRaft to speak through our hubs. It is found by JRaft's own loader under {@code
 * META-INF/services} and there is one for all nodes of a JVM. JRaft lists its Bolt factory beside
 * it; the loader reads that class without linking it, sees the lower priority and leaves it, so
 * Bolt may be absent.
 */
@SPI(name = "quorate", priority = 100)
public final class HubRpcFactory implements RaftRpcFactory {

  /** Messages are told apart by {@link RaftMessages}; there is nothing to register. */
  @Override
  public void registerProtobufSerializer(String className, Object... args) {}

  @Override
  public RpcClient createRpcClient(@Nullable ConfigHelper<RpcClient> helper) {
    HubRpcClient client = new HubRpcClient();
    if (helper != null) {
      helper.config(client);
    }
    return client;
  }

  /**
   * Never: an endpoint does not say which hub. Whoever wires a node makes its {@link HubRpcServer}.
   */
  @Override
  public RpcServer createRpcServer(Endpoint endpoint, @Nullable ConfigHelper<RpcServer> helper) {
    throw new UnsupportedOperationException(
        "the RPC server of " + endpoint + " is made by its node");
  }
}
