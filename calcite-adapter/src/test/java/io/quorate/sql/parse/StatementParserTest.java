package io.quorate.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.parse.AdminStatement.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StatementParserTest {
  private static Statement statement(String sql) {
    SqlNode node = StatementParser.parse(sql);
    assertThat(node).isInstanceOf(StatementNode.class);
    return ((StatementNode) node).statement();
  }

  private static ObjectName name(String name) {
    return new ObjectName(null, name);
  }

  @Test
  void types_are_counted_in_characters_and_binary_digits() {
    assertThat(
            ((Statement.CreateTable)
                    statement(
                        "CREATE TABLE t (a CHAR(8 CHARACTERS), b CHARACTER VARYING(9 CHARACTERS),"
                            + " c FLOAT(24), d FLOAT(25), e VARCHAR, f CHAR)"))
                .columns().stream().map(Statement.Column::type))
        .containsExactly(
            new SqlType(Name.CHAR, 8, 0),
            new SqlType(Name.VARCHAR, 9, 0),
            SqlType.of(Name.REAL),
            SqlType.of(Name.DOUBLE),
            SqlType.of(Name.VARCHAR),
            new SqlType(Name.CHAR, 1, 0));
  }

  @Test
  void create_table_reads_types_and_options_of_columns() {
    assertThat(
            statement(
                """
                CREATE TABLE IF NOT EXISTS app."Orders" (
                  id BIGINT NOT NULL PRIMARY KEY,
                  code VARCHAR(20) DEFAULT 'a' || 'b' NOT NULL CONSTRAINT uq_code UNIQUE,
                  note TEXT NULL,
                  price DECIMAL(10, 2) DEFAULT 0,
                  at_time TIMESTAMP DEFAULT CURRENT_TIMESTAMP
                );\
                """))
        .isEqualTo(
            new Statement.CreateTable(
                new ObjectName("APP", "Orders"),
                true,
                List.of(
                    new Statement.Column("ID", SqlType.of(Name.BIGINT), false, null),
                    new Statement.Column(
                        "CODE", new SqlType(Name.VARCHAR, 20, 0), false, "'a' || 'b'"),
                    new Statement.Column("NOTE", SqlType.of(Name.VARCHAR), true, null),
                    new Statement.Column("PRICE", new SqlType(Name.DECIMAL, 10, 2), true, "0"),
                    new Statement.Column(
                        "AT_TIME", SqlType.of(Name.TIMESTAMP), true, "CURRENT_TIMESTAMP")),
                List.of(
                    new Statement.Key(null, true, List.of("ID")),
                    new Statement.Key("UQ_CODE", false, List.of("CODE"))),
                List.of(),
                List.of()));
  }

  @Test
  void create_table_reads_checks_as_they_are_written() {
    Statement.CreateTable table =
        (Statement.CreateTable)
            statement(
                "create table t (a int default 1 check (a\n > 0) constraint c check(a<9) not null,"
                    + " check ((a) <> (b)), b int, constraint \"d e\" check (a = 1 or b = ')'))");
    assertThat(table.checks())
        .containsExactly(
            new Statement.Check(null, "A", "a\n > 0"),
            new Statement.Check("C", "A", "a<9"),
            new Statement.Check(null, null, "(a) <> (b)"),
            new Statement.Check("d e", null, "a = 1 or b = ')'"));
    assertThat(table.columns())
        .containsExactly(
            new Statement.Column("A", SqlType.of(Name.INTEGER), false, "1"),
            new Statement.Column("B", SqlType.of(Name.INTEGER), true, null));
  }

  @Test
  void create_table_reads_keys_of_several_columns() {
    Statement.CreateTable table =
        (Statement.CreateTable)
            statement(
                "create table t (a int, b int, constraint pk primary key (a, b), unique (b, a))");
    assertThat(table.keys())
        .containsExactly(
            new Statement.Key("PK", true, List.of("A", "B")),
            new Statement.Key(null, false, List.of("B", "A")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BOOLEAN|BOOLEAN",
        "TINYINT|TINYINT",
        "SMALLINT|SMALLINT",
        "INT|INTEGER",
        "INTEGER|INTEGER",
        "BIGINT|BIGINT",
        "DECIMAL|DECIMAL(38, 10)",
        "NUMERIC(12)|DECIMAL(12, 0)",
        "DEC(12, 4)|DECIMAL(12, 4)",
        "REAL|REAL",
        "FLOAT|DOUBLE",
        "DOUBLE|DOUBLE",
        "DOUBLE PRECISION|DOUBLE",
        "CHAR|CHAR(1)",
        "CHARACTER(7)|CHAR(7)",
        "VARCHAR|VARCHAR",
        "CHARACTER VARYING(9)|VARCHAR(9)",
        "TEXT|VARCHAR",
        "BINARY(3)|BINARY(3)",
        "VARBINARY|VARBINARY",
        "BINARY VARYING(5)|VARBINARY(5)",
        "DATE|DATE",
        "TIME(3)|TIME(3)",
        "TIMESTAMP|TIMESTAMP",
        "TIMESTAMP(9)|TIMESTAMP(9)",
        "UUID|UUID",
      })
  void a_type_is_read(String written, String kept) {
    Statement.CreateTable table =
        (Statement.CreateTable) statement("CREATE TABLE t (c " + written + ")");
    assertThat(table.columns().get(0).type()).hasToString(kept);
  }

  @Test
  void types_may_be_names_of_columns() {
    Statement.CreateTable table =
        (Statement.CreateTable)
            statement(
                "CREATE TABLE t (date DATE, time TIME, uuid UUID, text TEXT, value INT, timestamp"
                    + " TIMESTAMP PRIMARY KEY)");
    assertThat(table.columns())
        .extracting(column -> column.name() + " " + column.type())
        .containsExactly(
            "DATE DATE",
            "TIME TIME",
            "UUID UUID",
            "TEXT VARCHAR",
            "VALUE INTEGER",
            "TIMESTAMP TIMESTAMP");
  }

  @Test
  void a_default_is_kept_as_it_was_written() {
    Statement.CreateTable table =
        (Statement.CreateTable)
            statement("CREATE TABLE t (\r\n\ta INT\r\tDEFAULT (1 +\t2) * 3 NOT NULL, b INT)");
    assertThat(table.columns().get(0).defaultSql()).isEqualTo("(1 +\t2) * 3");
    assertThat(table.columns().get(0).nullable()).isFalse();
  }

  @Test
  void names_may_begin_with_the_catalog() {
    assertThat(statement("DROP TABLE quorate.app.t"))
        .isEqualTo(new Statement.DropTable(new ObjectName("APP", "T"), false, false));
    assertThat(statement("DROP SCHEMA quorate.app"))
        .isEqualTo(new Statement.DropSchema("APP", false, false));
  }

  @Test
  void the_rest_of_ddl_is_read() {
    assertThat(statement("DROP TABLE IF EXISTS t"))
        .isEqualTo(new Statement.DropTable(name("T"), true, false));
    assertThat(statement("CREATE INDEX i ON s.t (a, \"b\" ASC, c DESC)"))
        .isEqualTo(
            new Statement.CreateIndex(
                "I", new ObjectName("S", "T"), List.of("A", "b", "C"), Set.of(2), false, false));
    assertThat(statement("CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)"))
        .isEqualTo(new Statement.CreateIndex("I", name("T"), List.of("A"), Set.of(), true, true));
    assertThat(statement("DROP INDEX s.i"))
        .isEqualTo(new Statement.DropIndex(new ObjectName("S", "I"), false));
    assertThat(statement("DROP INDEX IF EXISTS i"))
        .isEqualTo(new Statement.DropIndex(name("I"), true));
    assertThat(statement("CREATE SCHEMA app")).isEqualTo(new Statement.CreateSchema("APP", false));
    assertThat(statement("CREATE SCHEMA IF NOT EXISTS app"))
        .isEqualTo(new Statement.CreateSchema("APP", true));
    assertThat(statement("DROP SCHEMA IF EXISTS app CASCADE"))
        .isEqualTo(new Statement.DropSchema("APP", true, true));
  }

  @Test
  void transactions_are_read() {
    Statement.Begin plain = new Statement.Begin(false, Optional.empty());
    assertThat(statement("START TRANSACTION")).isEqualTo(plain);
    assertThat(statement("begin")).isEqualTo(plain);
    assertThat(statement("BEGIN WORK")).isEqualTo(plain);
    assertThat(statement("BEGIN TRANSACTION READ WRITE")).isEqualTo(plain);
    assertThat(statement("START TRANSACTION READ ONLY, ISOLATION LEVEL REPEATABLE READ"))
        .isEqualTo(new Statement.Begin(true, Optional.of("REPEATABLE READ")));
    assertThat(statement("START TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        .isEqualTo(new Statement.Begin(false, Optional.of("SERIALIZABLE")));
    assertThat(statement("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"))
        .isEqualTo(new Statement.Begin(true, Optional.of("READ COMMITTED")));
    assertThat(statement("COMMIT")).isEqualTo(new Statement.Commit());
    assertThat(statement("COMMIT WORK;")).isEqualTo(new Statement.Commit());
    assertThat(statement("ROLLBACK TRANSACTION")).isEqualTo(new Statement.Rollback());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SAVEPOINT a|SET|A",
        "savepoint \"a b\";|SET|a b",
        "SAVEPOINT savepoint|SET|SAVEPOINT",
        "RELEASE SAVEPOINT a|RELEASE|A",
        "RELEASE a|RELEASE|A",
        "RELEASE savepoint|RELEASE|SAVEPOINT",
        "ROLLBACK TO a|ROLLBACK_TO|A",
        "ROLLBACK TO SAVEPOINT a|ROLLBACK_TO|A",
        "ROLLBACK TO SAVEPOINT savepoint|ROLLBACK_TO|SAVEPOINT",
        "ROLLBACK WORK TO SAVEPOINT a|ROLLBACK_TO|A",
        "ROLLBACK TRANSACTION TO a|ROLLBACK_TO|A",
      })
  void savepoints_are_read(String sql, SavepointStep step, String name) {
    assertThat(statement(sql)).isEqualTo(new Statement.Savepoint(step, name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SET read_level = 'LINEARIZABLE'|read_level|LINEARIZABLE",
        "SET Read_Level TO session|read_level|SESSION",
        "SET a.\"B\" = 12|a.b|12",
        "SET a = -1.5|a|-1.5",
        "SET a = TRUE|a|TRUE",
        "SET a TO false|a|FALSE",
        "SET a = ON|a|ON",
        "SET a = off|a|OFF",
        "SET a = DEFAULT|a|DEFAULT",
        "SET a = \"Exact\"|a|Exact",
        "SET a = 'it''s'|a|it's",
        "SET schema = app|schema|APP",
        "SET SCHEMA 'App'|schema|App",
        "SET SCHEMA app|schema|APP",
      })
  void set_is_read(String sql, String name, String value) {
    assertThat(statement(sql)).isEqualTo(new Statement.SetSetting(name, value));
  }

  @Test
  void show_is_read() {
    assertThat(statement("SHOW ALL")).isEqualTo(new Statement.ShowSetting(null));
    assertThat(statement("SHOW read_level")).isEqualTo(new Statement.ShowSetting("read_level"));
    assertThat(statement("SHOW TABLES")).isEqualTo(new Statement.ShowTables(null));
    assertThat(statement("SHOW TABLES FROM app")).isEqualTo(new Statement.ShowTables("APP"));
    assertThat(statement("SHOW SCHEMAS")).isEqualTo(new Statement.ShowSchemas());
    assertThat(statement("SHOW COLUMNS FROM s.t"))
        .isEqualTo(new Statement.ShowColumns(new ObjectName("S", "T")));
    assertThat(statement("SHOW SERVERS")).isEqualTo(new Statement.ShowServers());
    assertThat(statement("check cluster"))
        .isEqualTo(
            new Statement.OfAdmin(new AdminStatement.Show(AdminStatement.Subject.REPLICAS, null)));
    assertThat(statement("SHOW NODES")).isEqualTo(new Statement.ShowNodes());
    assertThat(statement("EXPLAIN ROUTING SELECT routing FROM t"))
        .isInstanceOfSatisfying(
            Statement.ExplainRouting.class,
            routing -> assertThat(routing.explained().isA(SqlKind.QUERY)).isTrue());
  }

  @Test
  void admin_is_read() {
    assertAdmin("ADMIN SHOW NODES", shown(Subject.NODES, null));
    assertAdmin("admin show current node", shown(Subject.CURRENT_NODE, null));
    assertAdmin("ADMIN SHOW NODE", shown(Subject.CURRENT_NODE, null));
    assertAdmin("ADMIN SHOW NODE 'N''2'", shown(Subject.NODE, "N'2"));
    assertAdmin("ADMIN SHOW VARIABLES", shown(Subject.VARIABLES, null));
    assertAdmin("ADMIN SHOW VARIABLE Server_Role;", shown(Subject.VARIABLE, "server_role"));
    assertAdmin("ADMIN SHOW VARIABLE 'Role'", shown(Subject.VARIABLE, "Role"));
    assertAdmin("ADMIN SHOW CONFIGS", shown(Subject.CONFIGS, null));
    assertAdmin(
        "ADMIN ADD NODE 'n2' AT 'h:1'",
        new AdminStatement.AddNode("n2", "h:1", AdminStatement.Role.FOLLOWER));
    assertAdmin(
        "admin add node 'n2' at 'h:1' as Voter",
        new AdminStatement.AddNode("n2", "h:1", AdminStatement.Role.FOLLOWER));
    assertAdmin(
        "ADMIN ADD NODE 'n2' AT 'h:1' AS LEARNER",
        new AdminStatement.AddNode("n2", "h:1", AdminStatement.Role.LEARNER));
    assertAdmin(
        "ADMIN ADD NODE 'n2' AT 'h:1' AS witness",
        new AdminStatement.AddNode("n2", "h:1", AdminStatement.Role.WITNESS));
    assertAdmin("ADMIN REMOVE NODE 'n2'", new AdminStatement.RemoveNode("n2"));
    assertAdmin("ADMIN PROMOTE NODE 'n2'", new AdminStatement.PromoteNode("n2", false));
    assertAdmin("ADMIN PROMOTE NODE 'n2' WHEN READY", new AdminStatement.PromoteNode("n2", true));
    assertAdmin("ADMIN TRANSFER LEADER TO 'n2'", new AdminStatement.TransferLeader("n2"));
    AdminStatement limit = new AdminStatement.SetCluster("max_followers", "3");
    assertAdmin("SET CLUSTER max_followers = 3", limit);
    assertAdmin("set cluster Max_Followers TO '3'", limit);
    assertAdmin("SET CLUSTER x = DEFAULT", new AdminStatement.SetCluster("x", "DEFAULT"));
    // A setting of the session may be called so, and is not there.
    assertThat(statement("SET cluster = 3")).isEqualTo(new Statement.SetSetting("cluster", "3"));
  }

  @Test
  void roles_of_nodes_are_set_in_infinitys_words_and_in_ours() {
    AdminStatement leader = new AdminStatement.SetRole(AdminStatement.Role.LEADER, "n1", null);
    assertAdmin("ADMIN SET LEADER USING 'n1'", leader);
    assertAdmin("ADMIN SET NODE ROLE 'leader' NAME 'n1'", leader);
    assertAdmin("admin set node role Leader name 'n1';", leader);
    assertAdmin(
        "ADMIN SET ADMIN", new AdminStatement.SetRole(AdminStatement.Role.ADMIN, null, null));
    assertAdmin(
        "ADMIN SET standalone",
        new AdminStatement.SetRole(AdminStatement.Role.STANDALONE, null, null));
    AdminStatement learner =
        new AdminStatement.SetRole(AdminStatement.Role.LEARNER, "n3", "127.0.0.1:8965");
    assertAdmin("ADMIN CONNECT '127.0.0.1:8965' AS LEARNER USING 'n3'", learner);
    assertAdmin("ADMIN SET NODE ROLE 'LEARNER' NAME 'n3' LEADER '127.0.0.1:8965'", learner);
    assertThat(leader.changesMembership()).isFalse();
    assertThat(new AdminStatement.RemoveNode("n1").changesMembership()).isTrue();
  }

  private static AdminStatement shown(Subject subject, @Nullable String name) {
    return new AdminStatement.Show(subject, name);
  }

  private static void assertAdmin(String sql, AdminStatement expected) {
    assertThat(statement(sql)).isEqualTo(new Statement.OfAdmin(expected));
    assertThat(expected.changes()).isEqualTo(!sql.toUpperCase(Locale.ROOT).contains("SHOW"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADMIN",
        "ADMIN SHOW",
        "ADMIN SHOW NODES 'n1'",
        "ADMIN SET",
        "ADMIN SET king",
        "ADMIN SET NODE ROLE ''",
        "ADMIN SET LEADER USING n1",
        "ADMIN CONNECT '127.0.0.1:1'",
        "ADMIN CONNECT AS FOLLOWER",
        "ADMIN CONNECT '127.0.0.1:1' AS FOLLOWER NAME 'n1'",
        "ADMIN SHOW NODE n1",
        "ADMIN ADD NODE 'n1'",
        "ADMIN ADD NODE 'n1' AT h:1",
        "ADMIN ADD NODE 'n1' AT 'h:1' AS LEADER",
        "ADMIN SHOW NODE \"n1\"",
        "ADMIN SHOW VARIABLE",
        "ADMIN REMOVE NODE",
        "ADMIN REMOVE NODE n1",
        "ADMIN PROMOTE NODE 'n1' WHEN",
        "ADMIN TRANSFER LEADER 'n1'",
        "ADMIN TRANSFER LEADER TO ?",
        "SET CLUSTER",
        "SET CLUSTER max_followers",
        "SET CLUSTER max_followers 3",
        "SET CLUSTER max_followers =",
        "SET CLUSTER a.b = 3",
        "EXPLAIN ADMIN SHOW NODES",
      })
  void admin_of_another_form_is_a_syntax_error(String sql) {
    assertThatThrownBy(() -> StatementParser.parse(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class, e -> assertThat(e.state().sqlState()).isEqualTo("42601"));
  }

  /** Names that had been free stay so. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "configs",
        "leader",
        "node",
        "promote",
        "ready",
        "remove",
        "transfer",
        "variable",
        "variables"
      })
  void a_word_of_admin_is_a_name_as_well(String word) {
    assertThat(StatementParser.parse("SELECT " + word + " FROM " + word + " AS " + word))
        .isInstanceOf(SqlNode.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPLAIN SELECT 1",
        "EXPLAIN PLAN FOR SELECT 1",
        "EXPLAIN PLAN WITHOUT IMPLEMENTATION FOR VALUES (1)",
        "EXPLAIN INSERT INTO t VALUES (1)",
        "EXPLAIN UPDATE t SET a = 1 WHERE b = ?",
      })
  void explain_is_read(String sql) {
    assertThat(StatementParser.parse(sql)).isInstanceOf(SqlExplain.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t WHERE a = ? AND b != 2 LIMIT 10;",
        "SELECT a, COUNT(*) c FROM t GROUP BY 1 ORDER BY c DESC LIMIT ? OFFSET ?",
        "SELECT a FROM t OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY",
        "SELECT * FROM system.nodes",
        "SELECT value, key, lag, count, method, node, role FROM t WHERE (value > 3)",
        "SELECT SUM(value), MAX(value + 1) FROM t WHERE value IN (1, 2) ORDER BY value",
        "SELECT ts, qty, day, month, year, hour, minute, second, index, text, tables FROM t",
        "SELECT date, t.time, timestamp, uuid, position, floor FROM t WHERE date > 1 AND (time) ="
            + " 2",
        "SELECT SUM(date), date + INTERVAL '1' DAY AS date, max(timestamp) time FROM t ORDER BY"
            + " date",
        "SELECT DATE '2020-01-01', TIME '10:00:00', TIMESTAMP '2020-01-01 00:00:00', DATE(a) FROM"
            + " t",
        "SELECT UUID '123e4567-e89b-12d3-a456-426614174000' uuid, CAST(date AS DATE) FROM t",
        "SELECT CAST(a AS TIMESTAMP(3)), CAST(b AS TIME WITH TIME ZONE), CAST(c AS DOUBLE)"
            + " precision",
        "SELECT POSITION('a' IN b), SUBSTRING(a FROM 1 FOR 2), TRIM(BOTH ' ' FROM a), FLOOR(1.5)",
        "SELECT EXTRACT(YEAR FROM date), OVERLAY(a PLACING b FROM 1), TRANSLATE(a, 'b', 'c') FROM"
            + " t",
        "SELECT CEIL(a), FLOOR(date TO MONTH), SUBSTRING(a, 1) FROM t",
        "INSERT INTO t (date, time, uuid) VALUES (DATE '2020-01-01', ?, UUID())",
        "SELECT LAG(a) OVER (ORDER BY b) AS lag, RANK() OVER (ORDER BY b) rank FROM t",
        "SELECT EXTRACT(DAY FROM ts), INTERVAL '1' DAY, YEAR(ts), ts + INTERVAL '2' HOUR FROM t",
        "SELECT FLOOR(ts TO DAY), CAST(a AS TEXT), CAST(b AS DOUBLE), CAST(c AS UUID) FROM t",
        "SELECT TIMESTAMPADD(MONTH, 1, ts), TIMESTAMPDIFF(DAY, ts, ts) FROM t",
        "SELECT INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 2:3' DAY TO MINUTE",
        "SELECT count(*) FILTER (WHERE a > 1), count(DISTINCT a), sum(a) total FROM t",
        "SELECT JSON_OBJECT('a' VALUE 1, KEY 'b' VALUE 2), JSON_OBJECT('c': 3)",
        "SELECT * FROM t TABLESAMPLE SYSTEM(10)",
        "SELECT u.system FROM u JOIN system.nodes n ON n.start = u.open AND n.value = u.value",
        "SELECT {fn ABS(1)}, {fn CURDATE()}, {d '2020-01-01'}, {ts '2020-01-01 00:00:00'}",
        "WITH c AS (SELECT 1 a) SELECT * FROM c UNION ALL VALUES (2), (3)",
        "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
        "VALUES (1, 'a'), (2, 'b')",
        "SELECT 'Grüße, Привет, 你好 😀'",
        "INSERT INTO t (value, count) VALUES (1, ?), (DEFAULT, 3)",
        "INSERT INTO t SELECT * FROM u",
        "UPDATE t SET value = value + 1, key = ? WHERE node = 'n1'",
        "DELETE FROM t WHERE (value) = 1",
        "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET value = 1",
        "SELECT 1 -- trailing comment",
        "/* leading */ SELECT 1",
      })
  void a_query_or_dml_is_calcites(String sql) {
    SqlNode node = StatementParser.parse(sql);
    assertThat(node).isNotInstanceOf(StatementNode.class);
    assertThat(node.isA(SqlKind.TOP_LEVEL)).isTrue();
  }

  @Test
  void unquoted_names_fold_to_upper_case() {
    assertThat(StatementParser.parse("select Abc, \"Def\" from Ghi"))
        .hasToString("SELECT `ABC`, `Def`\nFROM `GHI`");
  }

  @Test
  void an_expression_is_read_alone() {
    assertThat(StatementParser.parseExpression("1 + 2")).hasToString("1 + 2");
  }

  @Test
  void analyze_reads_a_table_and_columns() {
    assertThat(statement("ANALYZE")).isEqualTo(new Statement.Analyze(null, List.of()));
    assertThat(statement("analyze t;")).isEqualTo(new Statement.Analyze(name("T"), List.of()));
    assertThat(statement("ANALYZE TABLE app.t (a, \"b\")"))
        .isEqualTo(new Statement.Analyze(new ObjectName("APP", "T"), List.of("A", "b")));
    assertThat(StatementParser.parse("SELECT analyze FROM analyze").getKind())
        .isEqualTo(SqlKind.SELECT);
  }
}
