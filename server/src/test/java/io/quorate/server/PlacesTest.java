package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.config.IdentityConfig.Role;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlacesTest {
  private static final MemberId N1 = new MemberId("n1", 42);
  private static final MemberId N2 = new MemberId("n2", 42);
  private static final MemberId N3 = new MemberId("n3", 42);
  private static final MemberId W = new MemberId("w", 42);
  private static final MemberId L = new MemberId("l", 42);

  /** A leader, a follower, a witness and a learner. */
  private static final Membership MEMBERS =
      new Membership(List.of(N1, W, N2), List.of(L), List.of(W));

  private final FakeFollowerLimit limit = new FakeFollowerLimit();
  private final Places places = new Places(N1, limit);
  private final AtomicLong nanos = new AtomicLong();

  /** Each look at the clock is later, so that whoever waits gets there. */
  private ChangePatience patience() {
    return new ChangePatience(
        Deadline.after(Duration.ofMillis(1), () -> nanos.addAndGet(200_000)), CancelFlag.NEVER);
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  @Test
  void a_follower_or_a_witness_needs_a_place_and_a_learner_none_of_these() {
    limit.followers = 3;
    places.require(MEMBERS, Role.VOTER);
    places.require(MEMBERS, Role.WITNESS);
    limit.followers = 2;
    for (Role role : List.of(Role.VOTER, Role.WITNESS)) {
      assertRefused(
          () -> places.require(MEMBERS, role),
          ErrorCode.TOO_MANY_FOLLOWERS,
          "Too many followers, limit: 2");
    }
    limit.followers = 0;
    places.require(MEMBERS, Role.LEARNER);
    assertRefused(
        () -> places.require(new Membership(List.of(N1), List.of()), Role.VOTER),
        ErrorCode.TOO_MANY_FOLLOWERS,
        "Too many followers, limit: 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void a_limit_that_those_who_are_there_keep_is_set(int followers) {
    assertThat(places.limit(MEMBERS, followers, patience())).isCompleted();
    assertThat(places.followersMax()).isEqualTo(followers);
  }

  @Test
  void a_limit_below_those_who_are_there_is_refused_with_their_names_and_nothing_is_set() {
    Membership four = new Membership(List.of(N3, N1, W, N2), List.of(L), List.of(W));
    assertRefused(
        () -> places.limit(four, 2, patience()),
        ErrorCode.TOO_MANY_FOLLOWERS,
        "Too many followers, limit: 2; there are 3, n2, n3, w: remove some first");
    assertThat(limit.followers).isEqualTo(4);
    assertThat(places.limit(new Membership(List.of(N1), List.of(L)), 0, patience())).isCompleted();
    assertThat(limit.followers).isZero();
  }

  @Test
  void who_has_only_just_begun_to_lead_neither_sets_a_limit_nor_fills_it() {
    limit.newest = false;
    assertRefused(
        () -> places.limit(MEMBERS, 3, patience()), ErrorCode.NO_LEADER, "takes no writes yet");
    assertRefused(() -> places.awaitNewest(patience()), ErrorCode.NO_LEADER, "takes no writes yet");
    assertRefused(
        () -> places.requireNewest(Role.WITNESS), ErrorCode.NO_LEADER, "takes no writes yet");
    places.requireNewest(Role.LEARNER);
    assertThat(limit.followers).isEqualTo(4);
    limit.newest = true;
    places.awaitNewest(patience());
    places.requireNewest(Role.VOTER);
  }

  @Test
  void what_the_write_fails_of_is_told() {
    limit.before =
        () -> {
          throw new QuorateException(ErrorCode.OUTCOME_UNKNOWN, "the leadership ended");
        };
    assertRefused(
        () -> places.limit(MEMBERS, 3, patience()),
        ErrorCode.OUTCOME_UNKNOWN,
        "the leadership ended");
    assertThat(limit.followers).isEqualTo(4);
  }
}
