package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.entity.RaftOutter.EntryMeta;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;

/**
 * Cuts from an append what this member has applied already.
 *
 * <p>A leader whose messages were lost or turned round goes back with an append as far as the
 * beginning of its own log. A follower that has compacted its log does not know the terms of the
 * entries before; JRaft 1.3.15 takes the unknown for a conflict (LogManagerImpl,
 * checkAndResolveConflict), finds that it must not cut off what is applied, and appends the old
 * entries behind the new ones all the same, which ends the node. What is applied is committed, so
 * every leader of this term or a later one has the very same entries (Raft, section 5.4); leaving
 * them out changes nothing of what the append says.
 */
final class AppliedPrefix {
  private AppliedPrefix() {}

  /**
   * The same append, beginning behind {@code applied}; the message itself where it holds no applied
   * entry, or nothing else, which JRaft sees for itself.
   *
   * @param applied what JRaft knows to be applied, or less
   */
  static AppendEntriesRequest cut(AppendEntriesRequest append, long applied) {
    long known = applied - append.getPrevLogIndex();
    if (known <= 0 || known >= append.getEntriesCount()) {
      return append;
    }
    int count = (int) known;
    long dataBytes = 0;
    for (EntryMeta entry : append.getEntriesList().subList(0, count)) {
      dataBytes += entry.getDataLen();
    }
    AppendEntriesRequest.Builder rest =
        append.toBuilder()
            .setPrevLogIndex(applied)
            .setPrevLogTerm(append.getEntries(count - 1).getTerm())
            .clearEntries()
            .addAllEntries(append.getEntriesList().subList(count, append.getEntriesCount()));
    if (append.hasData()) {
      rest.setData(append.getData().substring(Math.toIntExact(dataBytes)));
    }
    return rest.build();
  }
}
