package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Roles and privileges: who may do what, and who may not. */
final class GrantTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void users() {
    asRoot("CREATE USER root PASSWORD 'x'");
    asRoot("CREATE USER bob PASSWORD 'x'");
    asRoot("CREATE USER eve PASSWORD 'x'");
    asRoot("CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT)");
    asRoot("INSERT INTO t VALUES (1, 2, 3)");
  }

  private void asRoot(String sql) {
    run("ROOT", sql);
  }

  private void run(String user, String sql) {
    db.as(user);
    if (db.plan(sql) instanceof Plan.Query) {
      db.query(sql);
    } else {
      db.execute(sql);
    }
  }

  private void allowed(String user, String... statements) {
    for (String sql : statements) {
      run(user, sql);
    }
  }

  private void denied(String user, String... statements) {
    for (String sql : statements) {
      assertThat(failure(user, sql).state()).as(sql).isEqualTo(State.INSUFFICIENT_PRIVILEGE);
    }
  }

  private SqlFailure failure(String user, String sql) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> run(user, sql));
    assertThat((Exception) failure).as(sql).isNotNull();
    return failure;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT | SELECT a FROM t",
        "SELECT | SELECT COUNT(*) FROM t",
        "SELECT | WITH x AS (SELECT a FROM t) SELECT * FROM x",
        "SELECT | SELECT 1 FROM (VALUES 1) v(x) WHERE EXISTS (SELECT 1 FROM t)",
        "SELECT | EXPLAIN SELECT * FROM t",
        "SELECT | EXPLAIN ANALYZE SELECT * FROM t",
        "SELECT | VALUES ((SELECT MAX(c) FROM t))",
        "INSERT | INSERT INTO t VALUES (2, 2, 2)",
        "INSERT | INSERT INTO t (a) VALUES (2)",
        "INSERT | INSERT INTO t VALUES (1, 2, 2) ON CONFLICT DO NOTHING",
        "UPDATE | UPDATE t SET b = 7",
        "DELETE | DELETE FROM t",
        "DELETE | EXPLAIN DELETE FROM t",
      })
  void a_privilege_allows_what_it_names(String privilege, String sql) {
    denied("BOB", sql);
    asRoot("GRANT " + privilege + " ON t TO bob");
    allowed("BOB", sql);
    denied("EVE", sql);
    asRoot("REVOKE " + privilege + " ON TABLE t FROM bob");
    denied("BOB", sql);
    asRoot("GRANT ALL PRIVILEGES ON t TO PUBLIC");
    asRoot("DELETE FROM t WHERE a = 2");
    allowed("EVE", sql);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE | UPDATE t SET b = 7 WHERE a = 1",
        "UPDATE | UPDATE t SET b = c + 1",
        "DELETE | DELETE FROM t WHERE a = 1",
        "INSERT | INSERT INTO t SELECT a + 10, b, c FROM t",
        "INSERT | INSERT INTO t VALUES (9, 9, 9) RETURNING c",
        "UPDATE | UPDATE t SET b = 7 RETURNING c",
        "INSERT,UPDATE | INSERT INTO t VALUES (1, 9, 9) ON CONFLICT (a) DO UPDATE SET b = t.c",
        "UPDATE | MERGE INTO t USING (VALUES (1)) s(k) ON a = k WHEN MATCHED THEN UPDATE SET b = 0",
        "DELETE | MERGE INTO t USING (VALUES (1)) s(k) ON a = k WHEN MATCHED THEN DELETE",
        "INSERT | MERGE INTO t USING (VALUES (8)) s(k) ON a = k WHEN NOT MATCHED THEN INSERT VALUES (8, 8, 8)",
      })
  void a_change_that_reads_needs_select_too(String privileges, String sql) {
    asRoot("GRANT " + privileges + " ON t TO bob");
    denied("BOB", sql);
    asRoot("GRANT SELECT ON t TO bob");
    allowed("BOB", sql);
    asRoot("REVOKE " + privileges + " ON t FROM bob");
    denied("BOB", sql);
  }

  @Test
  void columns_are_granted_one_by_one() {
    asRoot("GRANT SELECT (a, b), UPDATE (b), INSERT (a, b) ON t TO bob");
    allowed(
        "BOB",
        "SELECT a, b FROM t WHERE b = 2 ORDER BY a",
        "SELECT COUNT(*) FROM t",
        "SELECT x.a FROM t x JOIN t y USING (b)",
        "UPDATE t SET b = b + 1 WHERE a = 1",
        "INSERT INTO t (a, b) VALUES (5, 5)");
    denied(
        "BOB",
        "SELECT * FROM t",
        "SELECT c FROM t",
        "SELECT a FROM t WHERE c = 3",
        "SELECT a FROM t ORDER BY c",
        "SELECT MAX(a) FROM t GROUP BY c",
        "SELECT x.a FROM t x JOIN t y USING (c)",
        "SELECT x.a FROM t x NATURAL JOIN t y",
        "SELECT COUNT(c) FROM t",
        "SELECT MAX(a) FILTER (WHERE c = 3) FROM t",
        "SELECT SUM(a) OVER (PARTITION BY c) FROM t",
        "SELECT a FROM t WHERE a IN (SELECT c FROM t)",
        "SELECT (SELECT MAX(y.a) FROM t y WHERE y.a = x.c) FROM t x",
        "WITH x AS (SELECT * FROM t) SELECT c FROM x",
        "UPDATE t SET c = 1",
        "UPDATE t SET b = c",
        "UPDATE t SET b = 1 WHERE c = 3",
        "INSERT INTO t VALUES (6, 6, 6)",
        "INSERT INTO t (a, c) VALUES (6, 6)",
        "DELETE FROM t");
    assertThat(failure("BOB", "UPDATE t SET c = 1"))
        .hasMessage(
            "user \"BOB\" may not do this: it has no UPDATE on column \"C\" of table \"PUBLIC.T\"");
    assertThat(failure("EVE", "SELECT a FROM t"))
        .hasMessage("user \"EVE\" may not do this: it has no SELECT on table \"PUBLIC.T\"");
    // They go with the column, under another name and into nothing.
    asRoot("ALTER TABLE t RENAME COLUMN b TO bb");
    allowed("BOB", "SELECT bb FROM t");
    asRoot("ALTER TABLE t DROP COLUMN bb");
    asRoot("ALTER TABLE t ADD COLUMN bb INT");
    denied("BOB", "SELECT bb FROM t");
    asRoot("TRUNCATE t");
    allowed("BOB", "SELECT a FROM t");
    asRoot("REVOKE SELECT ON t FROM bob");
    denied("BOB", "SELECT a FROM t");
    assertThat(failure("ROOT", "GRANT SELECT (x) ON t TO bob").state())
        .isEqualTo(State.COLUMN_NOT_FOUND);
    assertThat(failure("ROOT", "GRANT DELETE (a) ON t TO bob").state())
        .isEqualTo(State.INVALID_GRANT);
    assertThat(failure("ROOT", "GRANT EXECUTE ON t TO bob").state()).isEqualTo(State.INVALID_GRANT);
  }

  @Test
  void roles_pass_privileges_on_to_members_of_members() {
    asRoot("CREATE ROLE reader");
    asRoot("CREATE ROLE staff WITH ADMIN bob");
    asRoot("GRANT SELECT ON t TO reader");
    asRoot("GRANT reader TO staff");
    denied("EVE", "SELECT a FROM t", "GRANT staff TO eve", "GRANT reader TO eve");
    denied("BOB", "GRANT reader TO eve");
    allowed("BOB", "SELECT a FROM t", "GRANT staff TO eve");
    allowed("EVE", "SELECT a FROM t");
    denied("EVE", "GRANT staff TO eve");
    allowed("BOB", "GRANT staff TO eve WITH ADMIN OPTION");
    allowed("EVE", "GRANT staff TO eve");
    allowed("BOB", "REVOKE ADMIN OPTION FOR staff FROM eve");
    denied("EVE", "GRANT staff TO eve");
    allowed("EVE", "SELECT a FROM t");
    assertThat(failure("ROOT", "GRANT staff TO reader").state()).isEqualTo(State.INVALID_GRANT);
    assertThat(failure("ROOT", "GRANT staff TO staff").state()).isEqualTo(State.INVALID_GRANT);
    assertThat(failure("ROOT", "GRANT nobody TO eve").state()).isEqualTo(State.OBJECT_NOT_FOUND);
    assertThat(failure("ROOT", "CREATE ROLE bob").state()).isEqualTo(State.OBJECT_EXISTS);
    assertThat(failure("ROOT", "CREATE USER staff").state()).isEqualTo(State.OBJECT_EXISTS);
    assertThat(failure("ROOT", "CREATE ROLE public").state()).isEqualTo(State.INVALID_PARAMETER);
    allowed("BOB", "REVOKE staff FROM eve");
    denied("EVE", "SELECT a FROM t");
    asRoot("DROP ROLE staff");
    denied("BOB", "SELECT a FROM t");
    asRoot("DROP ROLE IF EXISTS staff");
  }

  @Test
  void what_was_granted_on_goes_with_what_it_was_granted_by() {
    denied("BOB", "GRANT SELECT ON t TO eve");
    asRoot("GRANT SELECT ON t TO bob WITH GRANT OPTION");
    allowed("BOB", "GRANT SELECT ON t TO eve");
    denied("BOB", "GRANT INSERT ON t TO eve");
    allowed("EVE", "SELECT a FROM t");
    // What another one granted stays.
    asRoot("REVOKE SELECT ON t FROM eve");
    allowed("EVE", "SELECT a FROM t");
    for (String sql :
        List.of("REVOKE SELECT ON t FROM bob", "REVOKE GRANT OPTION FOR SELECT ON t FROM bob")) {
      assertThat(failure("ROOT", sql).state()).isEqualTo(State.DEPENDENT_OBJECTS);
    }
    asRoot("REVOKE GRANT OPTION FOR SELECT ON t FROM bob CASCADE");
    allowed("BOB", "SELECT a FROM t");
    denied("BOB", "GRANT SELECT ON t TO eve");
    denied("EVE", "SELECT a FROM t");
    asRoot("GRANT SELECT ON t TO bob WITH GRANT OPTION");
    allowed("BOB", "GRANT SELECT ON t TO eve");
    asRoot("REVOKE SELECT ON t FROM eve GRANTED BY bob");
    denied("EVE", "SELECT a FROM t");
    allowed("BOB", "GRANT SELECT ON t TO eve");
    asRoot("DROP USER bob");
    denied("EVE", "SELECT a FROM t");
    assertThat(failure("ROOT", "GRANT SELECT ON t TO PUBLIC WITH GRANT OPTION").state())
        .isEqualTo(State.INVALID_GRANT);
  }

  @Test
  void the_owner_may_do_everything_and_others_nothing_to_what_it_owns() {
    denied("BOB", "CREATE TABLE u (a INT PRIMARY KEY)", "CREATE SCHEMA s", "CREATE ROLE r");
    asRoot("GRANT CREATE ON SCHEMA public TO bob");
    allowed("BOB", "CREATE TABLE u (a INT PRIMARY KEY)", "INSERT INTO u VALUES (1)");
    String[] changes = {
      "ALTER TABLE u ADD COLUMN b INT",
      "CREATE INDEX i ON u (a)",
      "DROP INDEX i",
      "ANALYZE u",
      "TRUNCATE u",
      "COMMENT ON TABLE u IS 'x'",
      "GRANT SELECT ON u TO eve",
      "DROP TABLE u"
    };
    asRoot("GRANT ALL ON u TO eve");
    for (String sql : changes) {
      if (!sql.equals("DROP INDEX i")) {
        denied("EVE", sql);
      }
    }
    allowed("BOB", changes);
    asRoot("CREATE TABLE u (a INT)");
    // Another table of the same name.
    denied("BOB", "SELECT a FROM u", "DROP TABLE u");
    denied("EVE", "SELECT a FROM u");
    allowed("BOB", "CREATE SEQUENCE s");
    assertThat(failure("ROOT", "DROP USER bob").state()).isEqualTo(State.DEPENDENT_OBJECTS);
    allowed("BOB", "DROP SEQUENCE s");
    asRoot("DROP USER bob");
  }

  @Test
  void a_view_reads_with_the_rights_of_its_owner() {
    asRoot("CREATE VIEW v AS SELECT a, c FROM t");
    denied("BOB", "SELECT a FROM v");
    asRoot("GRANT SELECT ON v TO bob");
    allowed("BOB", "SELECT a, c FROM v", "SELECT a FROM v WHERE c = 3");
    denied("BOB", "SELECT a FROM t");
    asRoot("GRANT CREATE ON SCHEMA public TO bob");
    denied("BOB", "CREATE VIEW w AS SELECT a FROM t", "CREATE TABLE x AS SELECT a FROM t");
    asRoot("GRANT SELECT ON t TO bob");
    allowed("BOB", "CREATE VIEW w AS SELECT a FROM t", "GRANT SELECT ON w TO eve");
    allowed("EVE", "SELECT a FROM w");
    asRoot("REVOKE SELECT ON t FROM bob");
    denied("BOB", "SELECT a FROM w");
    denied("EVE", "SELECT a FROM w");
  }

  @Test
  void sequences_schemas_and_foreign_keys_have_privileges() {
    asRoot("CREATE SEQUENCE s");
    denied("BOB", "SELECT NEXT VALUE FOR s");
    asRoot("GRANT USAGE ON SEQUENCE s TO bob");
    allowed("BOB", "SELECT NEXT VALUE FOR s");

    asRoot("CREATE SCHEMA app");
    asRoot("CREATE TABLE app.u (a INT PRIMARY KEY)");
    asRoot("GRANT SELECT ON app.u TO bob");
    denied("BOB", "SELECT a FROM app.u");
    asRoot("GRANT USAGE ON SCHEMA app TO bob");
    allowed("BOB", "SELECT a FROM app.u");
    asRoot("REVOKE USAGE ON SCHEMA public FROM PUBLIC");
    denied("BOB", "SELECT NEXT VALUE FOR s");
    asRoot("GRANT USAGE, CREATE ON SCHEMA public TO bob");

    denied("BOB", "CREATE TABLE w (a INT REFERENCES t)");
    asRoot("GRANT REFERENCES (a) ON t TO bob");
    allowed("BOB", "CREATE TABLE w (a INT REFERENCES t)");
  }

  @Test
  void who_may_do_everything_and_who_may_not() {
    denied(
        "BOB",
        "CREATE USER x",
        "ALTER USER eve PASSWORD 'y'",
        "ALTER USER bob ADMIN",
        "DROP USER eve",
        "SELECT * FROM system.column_statistics");
    allowed("BOB", "ALTER USER bob PASSWORD 'y'", "SELECT name FROM system.users", "VALUES 1");
    // A user who is gone, or never was, has what everybody has.
    denied("NOBODY", "SELECT a FROM t");
    // Nobody could have given no name since there are passwords.
    allowed("", "SELECT a FROM t");
    asRoot("ALTER USER bob ADMIN");
    allowed("BOB", "SELECT a FROM t", "CREATE ROLE r");
    asRoot("ALTER USER bob NO ADMIN");
    denied("BOB", "SELECT a FROM t");
  }

  @Test
  void the_catalog_is_read_back_with_all_of_it() {
    asRoot("CREATE ROLE r WITH ADMIN bob");
    asRoot("GRANT SELECT (a), DELETE ON t TO r, eve WITH GRANT OPTION");
    asRoot("GRANT CREATE ON SCHEMA public TO PUBLIC");
    assertThat(new CatalogReader().read(db.view())).isEqualTo(db.catalog());
    assertThat(
            db.text(
                "SELECT grantee, privilege_type, is_grantable, grantor"
                    + " FROM information_schema.table_privileges"))
        .isEqualTo("EVE|DELETE|YES|ROOT\nR|DELETE|YES|ROOT");
    assertThat(
            db.text(
                "SELECT grantee, column_name, privilege_type"
                    + " FROM information_schema.column_privileges"))
        .isEqualTo("EVE|A|SELECT\nR|A|SELECT");
    assertThat(
            db.text(
                "SELECT object_name, object_type, grantee, privilege_type"
                    + " FROM information_schema.usage_privileges ORDER BY privilege_type"))
        .isEqualTo("PUBLIC|SCHEMA|PUBLIC|CREATE\nPUBLIC|SCHEMA|PUBLIC|USAGE");
    assertThat(db.text("SELECT * FROM information_schema.applicable_roles")).isEqualTo("BOB|R|YES");
    assertThat(db.text("SELECT role_name FROM information_schema.enabled_roles")).isEmpty();
    assertThat(db.as("BOB").text("SELECT role_name FROM information_schema.enabled_roles"))
        .isEqualTo("R");
    assertThat(db.as("BOB").text("SELECT grantee FROM information_schema.table_privileges"))
        .isEqualTo("R");
    asRoot("DROP TABLE t");
    assertThat(db.text("SELECT * FROM information_schema.table_privileges")).isEmpty();
    assertThat(new CatalogReader().read(db.view())).isEqualTo(db.catalog());
  }
}
