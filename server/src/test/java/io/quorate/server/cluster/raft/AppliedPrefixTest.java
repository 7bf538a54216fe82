package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.RaftOutter.EntryMeta;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.google.protobuf.ByteString;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AppliedPrefixTest {

  @Test
  void what_is_applied_is_left_out_with_its_bytes() {
    AppendEntriesRequest append = append(0, 0, 6);

    AppendEntriesRequest rest = AppliedPrefix.cut(append, 4);

    assertThat(rest.getPrevLogIndex()).isEqualTo(4);
    assertThat(rest.getPrevLogTerm()).isEqualTo(append.getEntries(3).getTerm());
    assertThat(rest.getEntriesList()).isEqualTo(append.getEntriesList().subList(4, 6));
    assertThat(rest.getData()).isEqualTo(append.getData().substring(0 + 1 + 2 + 3));
    assertThat(rest.getTerm()).isEqualTo(append.getTerm());
    assertThat(rest.getCommittedIndex()).isEqualTo(append.getCommittedIndex());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, 16, 17, 100})
  void an_append_of_nothing_new_or_of_nothing_applied_stays_as_it_is(long applied) {
    AppendEntriesRequest append = append(10, 3, 6);

    assertThat(AppliedPrefix.cut(append, applied)).isSameAs(append);
  }

  @Test
  void a_heartbeat_stays_as_it_is() {
    AppendEntriesRequest heartbeat = append(10, 3, 0).toBuilder().clearData().build();

    assertThat(AppliedPrefix.cut(heartbeat, 30)).isSameAs(heartbeat);
  }

  /** Cutting at once or in two steps is the same, wherever the cut is. */
  @Test
  void cuts_add_up() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1000; i++) {
      long before = random.nextLong(50);
      int count = 1 + random.nextInt(20);
      AppendEntriesRequest append = append(before, 2, count);
      long first = random.nextLong(80);
      long second = first + random.nextLong(10);

      assertThat(AppliedPrefix.cut(AppliedPrefix.cut(append, first), second))
          .isEqualTo(
              second >= before + count
                  ? AppliedPrefix.cut(append, first)
                  : AppliedPrefix.cut(append, second));
    }
  }

  /** Entry n of the append has n bytes, so that a cut at the wrong byte shows. */
  private static AppendEntriesRequest append(long before, long termBefore, int count) {
    AppendEntriesRequest.Builder append =
        AppendEntriesRequest.newBuilder()
            .setGroupId("g")
            .setServerId("a:1")
            .setPeerId("b:2")
            .setTerm(9)
            .setPrevLogIndex(before)
            .setPrevLogTerm(termBefore)
            .setCommittedIndex(before + count);
    ByteString.Output data = ByteString.newOutput();
    for (int i = 0; i < count; i++) {
      append.addEntries(
          EntryMeta.newBuilder()
              .setTerm(termBefore + i / 2)
              .setType(EntryType.ENTRY_TYPE_DATA)
              .setDataLen(i));
      for (int j = 0; j < i; j++) {
        data.write(i);
      }
    }
    return append.setData(data.toByteString()).build();
  }
}
