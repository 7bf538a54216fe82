package io.quorate.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.server.admin.NodeRecord.Role;
import io.quorate.server.lang.QuorateException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RoleMatrixTest {
  @ParameterizedTest
  @EnumSource(Role.class)
  void to_be_what_it_is_is_nothing_and_admin_leads_everywhere(Role role) {
    assertThat(RoleMatrix.isChange(role, role)).isFalse();
    assertThat(RoleMatrix.isChange(Role.ADMIN, role)).isEqualTo(role != Role.ADMIN);
    assertThat(RoleMatrix.isChange(role, Role.ADMIN)).isEqualTo(role != Role.ADMIN);
  }

  @ParameterizedTest
  @CsvSource({
    "STANDALONE, LEADER, 8007",
    "STANDALONE, FOLLOWER, 8007",
    "STANDALONE, LEARNER, 8007",
    "LEADER, STANDALONE, 8007",
    "LEADER, FOLLOWER, 7026",
    "LEADER, LEARNER, 7026",
    "FOLLOWER, STANDALONE, 8007",
    "FOLLOWER, LEARNER, 7026",
    "LEARNER, STANDALONE, 8007",
    "LEARNER, FOLLOWER, 7026",
    "STANDALONE, WITNESS, 8007",
    "LEADER, WITNESS, 7026",
    "FOLLOWER, WITNESS, 7026",
    "LEARNER, WITNESS, 7026",
    "WITNESS, STANDALONE, 8007",
    "WITNESS, LEADER, 7026",
    "WITNESS, FOLLOWER, 7026",
    "WITNESS, LEARNER, 7026",
  })
  void the_rest_is_refused_and_says_the_way(Role from, Role to, int code) {
    QuorateException refused =
        catchThrowableOfType(QuorateException.class, () -> RoleMatrix.isChange(from, to));
    assertThat(refused.code().number()).isEqualTo(code);
    assertThat(refused).hasMessageContaining("ADMIN SET ADMIN first");
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"FOLLOWER", "LEARNER"})
  void a_member_may_lead(Role role) {
    assertThat(RoleMatrix.isChange(role, Role.LEADER)).isTrue();
  }
}
