package io.quorate.server.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import io.quorate.server.store.SystemEntries;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ReplicaStateTest {
  private static final Outcome ONE_ROW = new Outcome(Outcome.Code.APPLIED, 1);

  @Test
  void what_checkpoints_wrote_is_restored_whole() {
    Random random = new Random(1);
    ReplicaState state = new ReplicaState(3000);
    Entries stored = new Entries();
    long revision = 0;
    for (int checkpoint = 1; checkpoint <= 20; checkpoint++) {
      state.beginEpoch(checkpoint);
      int requests = random.nextInt(2500);
      for (int i = 0; i < requests; i++) {
        revision++;
        state.requests().remember(new RequestId(9, revision), revision, ONE_ROW);
      }
      state.writeTo(stored);
      assertSame(state, stored.map, revision);
    }
    assertSame(state, state.snapshot(), revision);
    assertThat(stored.map).hasSizeLessThan(20);
  }

  private static void assertSame(
      ReplicaState state, SortedMap<String, ByteString> entries, long last) {
    ReplicaState restored = new ReplicaState(3000);
    restored.restore(entries);
    assertThat(restored.epoch()).isEqualTo(state.epoch());
    assertThat(restored.requests().floor()).isEqualTo(state.requests().floor());
    assertThat(restored.requests().size()).isEqualTo(state.requests().size());
    for (long sequence = 1; sequence <= last; sequence++) {
      RequestId request = new RequestId(9, sequence);
      assertThat(restored.requests().find(request)).isEqualTo(state.requests().find(request));
    }
  }

  @Test
  void a_checkpoint_writes_only_the_requests_since_the_last() {
    ReplicaState state = new ReplicaState(100);
    Entries stored = new Entries();
    state.requests().remember(new RequestId(1, 1), 1, ONE_ROW);
    state.writeTo(stored);
    state.requests().remember(new RequestId(1, 2), 2, ONE_ROW);
    stored.written = 0;

    state.writeTo(stored);

    assertThat(stored.written)
        .as("the epoch, the floor and one request")
        .isEqualTo(2 * Long.BYTES + RequestWindow.ENCODED_BYTES);
  }

  @Test
  void an_epoch_never_goes_back() {
    ReplicaState state = new ReplicaState(1);
    state.beginEpoch(4);

    assertThatThrownBy(() -> state.beginEpoch(4)).isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> state.beginEpoch(3)).isInstanceOf(InvariantViolation.class);
  }

  private static final class Entries implements SystemEntries {
    final SortedMap<String, ByteString> map = new TreeMap<>();
    int written;

    @Override
    public void put(String key, ByteString value) {
      map.put(key, value);
      written += value.size();
    }

    @Override
    public void remove(String key) {
      map.remove(key);
    }
  }
}
