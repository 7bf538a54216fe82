package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random tables with NULLs and random conditions p: what {@code p}, {@code NOT p} and {@code p IS
 * NULL} keep is all there is, and optimised plans say what plans without optimising do.
 */
final class MetamorphicTest {
  private static final int CONDITIONS = 30;
  private static final int QUERIES = 2_000;
  private static final int QUERIES_JOINED = 400;
  private static final int QUERIES_LONG = 100_000;

  @Test
  void optimised_plans_answer_as_plain_ones_do() {
    assertNothingWrong(QUERIES);
  }

  @Tag("slow")
  @Test
  void plans_that_look_rows_up_do_too_for_long() {
    assertNothingWrong(
        10 * QUERIES_JOINED, seed -> PartitionCheck.ofJoins(seed, LookupPlans.of(seed)));
  }

  @Tag("slow")
  @Test
  void optimised_plans_answer_as_plain_ones_do_for_long() {
    assertNothingWrong(QUERIES_LONG);
  }

  /** Of tables of some rows no join would. */
  @Test
  void plans_that_look_rows_up_wherever_they_can_do_too() {
    int before = LookupPlans.joins();
    assertNothingWrong(QUERIES_JOINED, seed -> PartitionCheck.ofJoins(seed, LookupPlans.of(seed)));
    assertThat(LookupPlans.joins() - before).isGreaterThan(QUERIES_JOINED / 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {19, 26})
  void seeds_whose_joins_were_wrong_once(long seed) {
    assertNothingWrong(1, any -> PartitionCheck.ofJoins(seed, LookupPlans.of(seed)));
  }

  private static void assertNothingWrong(int queries) {
    assertNothingWrong(queries, seed -> new PartitionCheck(seed, PlantedFault.NONE));
  }

  private static void assertNothingWrong(int queries, LongFunction<PartitionCheck> checks) {
    int count = 0;
    int notAsked = 0;
    for (long seed = 1; count < queries; seed++) {
      PartitionCheck check = checks.apply(seed);
      for (int i = 0; i < CONDITIONS; i++) {
        Optional<String> wrong = check.next();
        assertThat(wrong).as("SEED=%s, condition %s, on\n%s", seed, i, check.tables()).isEmpty();
      }
      count += check.queryCount();
      notAsked += check.notAsked();
    }
    assertThat(notAsked).isLessThan(count / 100);
  }

  /** Of a plan that is wrong the tests above would tell. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void a_planted_fault_is_noticed(PlantedFault fault) {
    Optional<String> wrong = Optional.empty();
    int count = 0;
    for (long seed = 1; wrong.isEmpty() && count < QUERIES; seed++) {
      PartitionCheck check = new PartitionCheck(seed, fault);
      for (int i = 0; i < CONDITIONS && wrong.isEmpty(); i++) {
        // A statement that a fault makes fail is no wrong answer.
        wrong = check.next().filter(text -> !text.contains("\nfails: "));
      }
      count += check.queryCount();
    }
    assertThat(wrong).as("after %s queries", count).isPresent();
    assertThat(wrong.orElseThrow()).contains("\nshould be ");
  }
}
