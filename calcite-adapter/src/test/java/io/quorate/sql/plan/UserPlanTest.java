package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.UserDef;
import io.quorate.sql.catalog.UserTable;
import io.quorate.sql.catalog.Users;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.SecretText;
import io.quorate.sql.parse.StatementNode;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.store.TreeMapView;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserPlanTest {
  private static final PasswordVerifiers VERIFIERS =
      (password, random) -> {
        if (password.equals("bad")) {
          throw new SqlFailure(State.INVALID_PARAMETER, "no such password");
        }
        return "v:" + password.length();
      };

  private final TreeMapView store = new TreeMapView();
  private final CatalogReader reader = new CatalogReader();

  private void run(String sql) {
    StatementNode node = (StatementNode) StatementParser.parse(sql);
    Plan plan = StatementCompiler.compile(node.statement(), Catalog.DEFAULT_SCHEMA, VERIFIERS);
    ExecutionContext context =
        new ExecutionContext(
            store,
            reader.read(store),
            List.of(),
            "tester",
            () -> "",
            Instant.ofEpochMilli(1234),
            new Random(7),
            SystemTables.NONE,
            1 << 20,
            CancelFlag.NEVER);
    Plan.Redefinition redefinition = ((Plan.Definition) plan).evaluate(context);
    assertThat(redefinition.preparation().hasNext()).isFalse();
    store.apply(redefinition.changes());
  }

  private Users users() {
    // Read from the rows, not remembered.
    return new CatalogReader().read(store).users();
  }

  private void assertFails(String sql, State state, String message) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> run(sql));
    assertThat(failure).describedAs(sql).hasMessage(message);
    assertThat(failure.state()).isEqualTo(state);
  }

  @Test
  void users_come_change_and_go() {
    run("CREATE USER alice PASSWORD 'four'");
    run("CREATE USER \"Bob\" WITH PASSWORD 'fives'");
    run("CREATE USER carol");
    Users made = users();
    assertThat(made.byName().keySet()).containsExactly("ALICE", "Bob", "CAROL");
    assertThat(made.find("alice").orElseThrow().verifier()).isEqualTo("v:4");
    assertThat(made.find("Bob").orElseThrow().verifier()).isEqualTo("v:5");
    assertThat(made.find("bob")).isEmpty();
    assertThat(made.find("carol").orElseThrow().verifier()).isNull();
    assertThat(made.secret()).hasSize(64);
    assertThat(reader.read(store).version()).isEqualTo(3);

    run("ALTER USER carol WITH PASSWORD 'a''b'");
    run("ALTER USER carol ADMIN");
    run("ALTER USER alice PASSWORD NULL");
    run("DROP USER \"Bob\"");
    assertThat(users().byName().keySet()).containsExactly("ALICE", "CAROL");
    assertThat(users().find("CAROL").orElseThrow().verifier()).isEqualTo("v:3");
    assertThat(users().find("ALICE").orElseThrow().createdMillis()).isEqualTo(1234);
    assertThat(users().secret()).isEqualTo(made.secret());
    assertThat(UserTable.rows(reader.read(store)).get(1))
        .containsExactly("CAROL", true, true, LocalDateTime.parse("1970-01-01T00:00:01.234"));

    run("CREATE TABLE t (a INT)");
    run("CREATE OR REPLACE USER carol PASSWORD 'sixsix'");
    assertThat(users().find("CAROL").orElseThrow().verifier()).isEqualTo("v:6");
  }

  @Test
  void what_is_there_or_not_is_said_so() {
    run("CREATE USER alice PASSWORD 'x'");
    long version = reader.read(store).version();
    run("CREATE USER IF NOT EXISTS alice PASSWORD 'xx'");
    run("DROP USER IF EXISTS bob");
    run("ALTER USER IF EXISTS bob PASSWORD 'x'");
    assertThat(reader.read(store).version()).isEqualTo(version);
    assertFails(
        "CREATE USER alice PASSWORD 'y'", State.OBJECT_EXISTS, "user \"ALICE\" exists already");
    assertFails("DROP USER bob", State.OBJECT_NOT_FOUND, "user \"BOB\" not found");
    assertFails("ALTER USER bob PASSWORD 'y'", State.OBJECT_NOT_FOUND, "user \"BOB\" not found");
    assertFails("CREATE USER bob PASSWORD 'bad'", State.INVALID_PARAMETER, "no such password");
  }

  @Test
  void the_last_user_who_can_enter_stays() {
    run("CREATE USER alice");
    run("DROP USER alice");
    run("CREATE USER bob");
    run("CREATE USER alice PASSWORD 'x'");
    for (String sql :
        List.of(
            "DROP USER alice", "ALTER USER alice PASSWORD NULL", "CREATE OR REPLACE USER alice")) {
      assertFails(
          sql,
          State.DEPENDENT_OBJECTS,
          "this is the last user with a password; without one nobody could enter");
    }
    run("ALTER USER bob PASSWORD 'y'");
    for (String sql : List.of("DROP USER alice", "ALTER USER alice NO ADMIN")) {
      assertFails(
          sql,
          State.DEPENDENT_OBJECTS,
          "this is the last administrator with a password; make another one before, by ALTER USER …"
              + " ADMIN");
    }
    run("ALTER USER bob ADMIN");
    run("DROP USER alice");
  }

  @Test
  void who_gets_the_first_password_administers_and_others_when_it_is_said() {
    run("CREATE USER early");
    run("CREATE USER alice PASSWORD 'x'");
    run("CREATE USER bob PASSWORD 'x'");
    run("CREATE USER carol PASSWORD 'x' ADMIN");
    run("CREATE OR REPLACE USER carol PASSWORD 'y'");
    assertThat(users().byName().values().stream().filter(UserDef::admin).map(UserDef::name))
        .containsExactly("ALICE", "CAROL");
    run("CREATE OR REPLACE USER carol PASSWORD 'y' NO ADMIN");
    assertThat(users().find("carol").orElseThrow().admin()).isFalse();
  }

  @Test
  void password_and_user_may_still_be_names() {
    run("CREATE TABLE password (password INT, t INT)");
    StatementParser.parse("SELECT password AS password FROM password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE USER x 'hunter2'",
        "CREATE USER x PASSWORD hunter2",
        "CREATE USER x PASSWORD \"hunter2\"",
        "CREATE USER x PASSWORD = 'hunter2'",
        "CREATE USER x PASSWORD 'hunter2' hunter2",
        "CREATE USER x IDENTIFIED BY 'hunter2'",
        "create or replace user x pasword 'hunter2'",
        "ALTER USER x PASSWORD 'hunter2",
        "ALTER USER x SET PASSWORD 'hunter2'",
        "/* a */ -- b\n ALTER /* c */ USER x PASSWORD #hunter2",
        "SELECT 1; ALTER USER x hunter2",
      })
  void a_mistake_does_not_repeat_the_password(String sql) {
    assertThatThrownBy(() -> StatementParser.parse(sql))
        .isInstanceOf(SqlFailure.class)
        .hasNoCause()
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain("unter"));
    assertThat(SecretText.shown(sql)).doesNotContain("hunter2");
  }

  @Test
  void a_statement_is_shown_without_its_password() {
    assertThat(SecretText.shown("CREATE USER x PASSWORD 'hunter2'"))
        .isEqualTo("CREATE or ALTER USER …");
    assertThat(SecretText.shown("SELECT password FROM t")).isEqualTo("SELECT password FROM t");
    assertThat(SecretText.shown("CREATE TABLE users (a INT)"))
        .isEqualTo("CREATE TABLE users (a INT)");
    StatementNode node = (StatementNode) StatementParser.parse("ALTER USER x PASSWORD 'hunter2'");
    assertThat(node.statement().toString()).doesNotContain("hunter2");
    assertThat(node.toString()).doesNotContain("hunter2");
  }
}
