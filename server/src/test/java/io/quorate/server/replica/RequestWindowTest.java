package io.quorate.server.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestWindowTest {
  private static final Outcome ONE_ROW = new Outcome(Outcome.Code.APPLIED, 1);

  @Test
  void a_request_is_found_with_its_first_revision_and_outcome() {
    RequestWindow window = new RequestWindow(4);
    window.remember(new RequestId(7, 1), 10, new Outcome(Outcome.Code.APPLIED, 3));

    assertThat(window.find(new RequestId(7, 1)))
        .isEqualTo(new Applied(10, new Outcome(Outcome.Code.APPLIED, 3)));
    assertThat(window.find(new RequestId(7, 2))).isNull();
    assertThat(window.find(new RequestId(8, 1))).isNull();
  }

  @Test
  void the_oldest_is_forgotten_first_and_sets_the_floor() {
    RequestWindow window = new RequestWindow(2);
    window.remember(new RequestId(1, 1), 5, ONE_ROW);
    window.remember(new RequestId(1, 2), 6, ONE_ROW);
    assertThat(window.floor()).isZero();

    window.remember(new RequestId(1, 3), 9, ONE_ROW);

    assertThat(window.floor()).isEqualTo(5);
    assertThat(window.find(new RequestId(1, 1))).isNull();
    assertThat(window.find(new RequestId(1, 2))).isNotNull();
    assertThat(window.size()).isEqualTo(2);
  }

  @Test
  void revisions_rise_and_no_request_is_remembered_twice() {
    RequestWindow window = new RequestWindow(4);
    window.remember(new RequestId(1, 1), 5, ONE_ROW);

    assertThatThrownBy(() -> window.remember(new RequestId(1, 2), 5, ONE_ROW))
        .isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> window.remember(new RequestId(1, 1), 6, ONE_ROW))
        .isInstanceOf(InvariantViolation.class);
  }

  /** Few clients and sequences, so that the index is full of neighbours and holes. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void it_agrees_with_a_linked_map_through_many_requests(long seed) {
    Random random = new Random(seed);
    int capacity = 1 + random.nextInt(40);
    RequestWindow window = new RequestWindow(capacity);
    Map<RequestId, Applied> model = new LinkedHashMap<>();
    long floor = 0;
    for (long revision = 1; revision < 20_000; revision++) {
      RequestId request = new RequestId(random.nextInt(4), 1 + random.nextInt(3 * capacity));
      assertThat(window.find(request)).isEqualTo(model.get(request));
      if (!model.containsKey(request)) {
        if (model.size() == capacity) {
          Map.Entry<RequestId, Applied> oldest = model.entrySet().iterator().next();
          floor = oldest.getValue().index();
          model.remove(oldest.getKey());
        }
        Outcome outcome = new Outcome(Outcome.Code.APPLIED, random.nextInt());
        window.remember(request, revision, outcome);
        model.put(request, new Applied(revision, outcome));
      }
      assertThat(window.floor()).isEqualTo(floor);
    }
    assertRestores(window, model, capacity);
  }

  @Test
  void one_that_looks_is_told_when_nobody_can_tell_any_more() {
    RequestWindow window = new RequestWindow(2);
    for (long sequence = 1; sequence <= 3; sequence++) {
      window.remember(new RequestId(1, sequence), 4 + sequence, ONE_ROW);
    }

    assertThat(window.look(new RequestId(1, 3), 0)).contains(new Applied(7, ONE_ROW));
    assertThat(window.look(new RequestId(1, 4), 5)).isEmpty();
    assertThat(window.look(new RequestId(1, 1), 4))
        .map(applied -> applied.outcome().code())
        .contains(Outcome.Code.EXPIRED);
  }

  /** What a looker finds is what was put there, while slots move under it. */
  @Test
  void others_look_while_requests_come_and_go() throws Exception {
    RequestWindow window = new RequestWindow(50);
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Long> looker =
        CompletableFuture.supplyAsync(
            () -> {
              Random random = new Random(3);
              long found = 0;
              while (!done.get() || found == 0) {
                long sequence = 1 + random.nextLong(200_000);
                Optional<Applied> applied =
                    window.look(new RequestId(sequence % 7, sequence), Long.MAX_VALUE);
                if (applied.isPresent()) {
                  assertThat(applied.get().index()).isEqualTo(10 * sequence);
                  assertThat(applied.get().outcome().updateCount()).isEqualTo(sequence);
                  found++;
                }
              }
              return found;
            });
    for (long sequence = 1; sequence <= 200_000; sequence++) {
      window.remember(
          new RequestId(sequence % 7, sequence),
          10 * sequence,
          new Outcome(Outcome.Code.APPLIED, sequence));
    }
    done.set(true);

    assertThat(looker.get(20, TimeUnit.SECONDS)).isPositive();
  }

  private static void assertRestores(
      RequestWindow window, Map<RequestId, Applied> model, int capacity) {
    RequestWindow restored = new RequestWindow(capacity);
    restored.restoreFloor(window.floor());
    restored.decode(ByteBuffer.wrap(window.encode(0, window.size())));
    model.forEach((request, applied) -> assertThat(restored.find(request)).isEqualTo(applied));
    assertThat(restored.size()).isEqualTo(model.size());
    assertThat(restored.floor()).isEqualTo(window.floor());
  }
}
