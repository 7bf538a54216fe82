package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.quorate.server.cluster.messaging.RpcHub.RaftMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JRaft's messages and the byte that stands for each on the wire: its place in this list, from 1.
 * New ones go to the end. JRaft's own service for the command line is not among them; membership is
 * changed through the leader's node.
 */
final class RaftMessages {
  private static final List<Message> PROTOTYPES =
      List.of(
          AppendEntriesRequest.getDefaultInstance(),
          AppendEntriesResponse.getDefaultInstance(),
          RequestVoteRequest.getDefaultInstance(),
          RequestVoteResponse.getDefaultInstance(),
          TimeoutNowRequest.getDefaultInstance(),
          TimeoutNowResponse.getDefaultInstance(),
          InstallSnapshotRequest.getDefaultInstance(),
          InstallSnapshotResponse.getDefaultInstance(),
          GetFileRequest.getDefaultInstance(),
          GetFileResponse.getDefaultInstance(),
          ReadIndexRequest.getDefaultInstance(),
          ReadIndexResponse.getDefaultInstance(),
          PingRequest.getDefaultInstance(),
          ErrorResponse.getDefaultInstance());

  private static final Map<Class<?>, Byte> TYPES = types();

  private RaftMessages() {}

  private static Map<Class<?>, Byte> types() {
    Map<Class<?>, Byte> types = new HashMap<>();
    for (int i = 0; i < PROTOTYPES.size(); i++) {
      types.put(PROTOTYPES.get(i).getClass(), (byte) (i + 1));
    }
    return types;
  }

  /** The message with its type; null when it is none of ours. */
  static @Nullable RaftMessage typed(Object message) {
    Byte type = TYPES.get(message.getClass());
    return type == null ? null : new RaftMessage(type, (Message) message);
  }

  /** Reads the type byte and the message behind it, in place. */
  static Message parse(byte[] buffer, int offset, int length)
      throws InvalidProtocolBufferException {
    if (length < 1) {
      throw new InvalidProtocolBufferException("a message has a type");
    }
    int index = buffer[offset] - 1;
    if (index < 0 || index >= PROTOTYPES.size()) {
      throw new InvalidProtocolBufferException("no message has the type " + buffer[offset]);
    }
    return PROTOTYPES.get(index).getParserForType().parseFrom(buffer, offset + 1, length - 1);
  }
}
