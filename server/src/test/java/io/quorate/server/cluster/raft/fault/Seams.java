package io.quorate.server.cluster.raft.fault;

import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.quorate.server.cluster.wal.Disk;
import java.util.function.UnaryOperator;

/** Where a fault of ours can be planted, to see that the runs find it. */
record Seams(
    UnaryOperator<Disk> disk, UnaryOperator<LogStorage> log, UnaryOperator<RaftMetaStorage> vote) {
  static final Seams NONE =
      new Seams(UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
}
