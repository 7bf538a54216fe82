package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Lob;
import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeValueTest {
  private final TestDatabase db = new TestDatabase();
  private final Random random = new Random(20_261_122);

  @BeforeEach
  void make() {
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, c CLOB)");
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private void put(int id, byte[] value) {
    db.execute("INSERT INTO t (id, b) VALUES (?, ?)", id, value);
  }

  private Lob blob(int id) {
    return (Lob) db.query("SELECT b FROM t WHERE id = " + id).get(0).get(0);
  }

  private byte[] read(Lob lob) {
    if (!lob.isStored()) {
      return lob.unsafeBytes();
    }
    byte[] bytes = new byte[(int) lob.byteCount()];
    try (ReadView view = db.view()) {
      for (int at = 0, number = 0; at < bytes.length; number++) {
        byte[] chunk =
            view.find(LobKeys.CHUNKS, LobKeys.chunk(lob.id(), number)).orElseThrow().unsafeBytes();
        System.arraycopy(chunk, 0, bytes, at, chunk.length);
        at += chunk.length;
      }
    }
    return bytes;
  }

  /** The keys of the register. */
  private List<String> register() {
    List<String> keys = new ArrayList<>();
    try (ReadView view = db.view()) {
      ReadView.RowCursor all = view.scan(LobKeys.REGISTER, Optional.empty(), Optional.empty());
      while (all.next()) {
        keys.add(all.key().toString());
      }
    }
    return keys;
  }

  private long chunks() {
    try (ReadView view = db.view()) {
      return view.rowCount(LobKeys.CHUNKS);
    }
  }

  private static void fails(State state, String part, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> {
              assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state);
              assertThat(failure.getMessage()).contains(part);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8192, 8193, 65_535, 65_536, 65_537, 300_000})
  void a_value_comes_back_whatever_its_length(int length) {
    byte[] value = bytes(length);
    put(1, value);
    assertThat(blob(1).isStored()).isEqualTo(length > LobKeys.INLINE_BYTES_MAX);
    assertThat(read(blob(1))).isEqualTo(value);
    assertThat(db.text("SELECT OCTET_LENGTH(b), c IS NULL FROM t")).isEqualTo(length + "|true");
    assertThat(db.text("SELECT SUM(OCTET_LENGTH(b)), COUNT(b), COUNT(c) FROM t"))
        .isEqualTo(length + "|1|0");
  }

  @Test
  void literals_and_texts_become_large_values() {
    db.execute("INSERT INTO t VALUES (1, X'0102', 'grün'), (2, NULL, ?)", "x".repeat(9000));
    assertThat(read(blob(1))).containsExactly(1, 2);
    List<List<@Nullable Object>> texts = db.query("SELECT c FROM t ORDER BY id");
    assertThat(((Lob) texts.get(0).get(0)).text()).isEqualTo("grün");
    assertThat(((Lob) texts.get(1).get(0)).charCount()).isEqualTo(9000);
    fails(State.TYPE_MISMATCH, "B", () -> db.execute("INSERT INTO t (id, b) VALUES (3, 'text')"));
    fails(State.TYPE_MISMATCH, "BLOB", () -> db.execute("INSERT INTO t (id, b) VALUES (3, ?)", 7));
  }

  @Test
  void a_value_that_goes_on_keeps_its_chunks_and_one_that_goes_is_left_to_be_removed() {
    put(1, bytes(100_000));
    Lob before = blob(1);
    List<String> registered = register();
    db.execute("UPDATE t SET c = 'more', id = 5 WHERE id = 1");
    assertThat(blob(5)).isEqualTo(before);
    assertThat(register()).isEqualTo(registered).hasSize(1);

    db.execute("UPDATE t SET b = ? WHERE id = 5", bytes(200_000));
    assertThat(register()).hasSize(2).contains(LobKeys.dead(before.id()).toString());
    Lob second = blob(5);
    db.execute("DELETE FROM t");
    assertThat(register())
        .containsExactlyInAnyOrder(
            LobKeys.dead(before.id()).toString(), LobKeys.dead(second.id()).toString());
    assertThat(chunks()).as("left to who cleans up").isEqualTo(2 + 4);
  }

  @Test
  void rows_do_not_share_values() {
    byte[] value = bytes(100_000);
    put(1, value);
    db.execute("INSERT INTO t SELECT id + 1, b, c FROM t");
    assertThat(blob(2).id()).isNotEqualTo(blob(1).id());
    db.execute("DELETE FROM t WHERE id = 1");
    assertThat(read(blob(2))).isEqualTo(value);
    assertThat(register()).hasSize(2);
  }

  private void put(int store, RowKey key, byte[] value) {
    db.view().apply(List.of(new StoreChange(store, key, null, Row.wrap(value))));
  }

  private Lob stage(byte[] value, boolean whole) {
    long id = random.nextLong() & Long.MAX_VALUE;
    for (int number = 0; number * LobKeys.CHUNK_BYTES < value.length; number++) {
      int from = number * LobKeys.CHUNK_BYTES;
      int to = Math.min(value.length, from + LobKeys.CHUNK_BYTES);
      put(LobKeys.CHUNKS, LobKeys.chunk(id, number), Arrays.copyOfRange(value, from, to));
    }
    byte[] progress = new LobKeys.Staged(value.length, whole).encode().unsafeBytes();
    put(LobKeys.REGISTER, LobKeys.staged(id), progress);
    return Lob.stored(false, id, value.length, 0);
  }

  @Test
  void a_staged_value_becomes_a_rows_without_being_read() {
    byte[] value = bytes(500_000);
    Lob staged = stage(value, true);
    db.execute("INSERT INTO t (id, b) VALUES (1, ?)", staged);
    assertThat(blob(1)).isEqualTo(staged);
    assertThat(register()).hasSize(1);
    assertThat(read(blob(1))).isEqualTo(value);
    db.execute("INSERT INTO t (id, b) VALUES (2, ?)", staged);
    assertThat(blob(2).id()).as("a copy").isNotEqualTo(staged.id());

    Lob half = stage(bytes(500), false);
    fails(
        State.INVALID_PARAMETER,
        "as a whole",
        () -> db.execute("INSERT INTO t (id, b) VALUES (3, ?)", half));
    fails(
        State.INVALID_PARAMETER,
        "send it again",
        () -> db.execute("INSERT INTO t (id, b) VALUES (3, ?)", Lob.stored(false, 77, 500, 0)));
  }

  @Test
  void what_needs_to_look_into_a_large_value_is_refused() {
    for (String sql :
        List.of(
            "SELECT * FROM t ORDER BY b",
            "SELECT DISTINCT c FROM t",
            "SELECT c, COUNT(*) FROM t GROUP BY c",
            "SELECT MAX(c) FROM t",
            "SELECT COUNT(DISTINCT c) FROM t",
            "SELECT b FROM t UNION SELECT b FROM t",
            "SELECT * FROM t WHERE b = X'01'",
            "SELECT * FROM t WHERE c LIKE 'a%'",
            "SELECT UPPER(c) FROM t",
            "SELECT c || 'x' FROM t",
            "SELECT ROW_NUMBER() OVER (ORDER BY c) FROM t",
            "SELECT 1 FROM t JOIN t s ON t.b = s.b")) {
      fails(State.TYPE_MISMATCH, "LOB", () -> db.query(sql));
    }
    fails(
        State.TYPE_MISMATCH,
        "IN operator",
        () -> db.query("SELECT * FROM t WHERE c IN (SELECT c FROM t)"));
    fails(State.NOT_SUPPORTED, "BLOB", () -> db.query("SELECT CAST(c AS BLOB) FROM t"));
    fails(State.INVALID_TABLE, "\"B\"", () -> db.execute("CREATE INDEX i ON t (b)"));
    fails(State.INVALID_TABLE, "\"C\"", () -> db.execute("CREATE TABLE u (c CLOB PRIMARY KEY)"));
    assertThat(db.query("SELECT b, c FROM t UNION ALL SELECT b, c FROM t")).isEmpty();
    assertThat(db.query("SELECT CASE WHEN id > 1 THEN b END, COALESCE(c, c) FROM t")).isEmpty();
  }

  @Test
  void a_table_that_goes_or_is_emptied_leaves_its_values_to_be_removed() {
    put(1, bytes(100_000));
    int first = db.catalog().find("PUBLIC", "T").orElseThrow().id();
    db.execute("TRUNCATE TABLE t");
    int second = db.catalog().find("PUBLIC", "T").orElseThrow().id();
    assertThat(second).isNotEqualTo(first);
    assertThat(register()).contains(LobKeys.tableGone(first).toString()).hasSize(2);
    put(1, bytes(100_000));
    db.execute("DROP TABLE t");
    assertThat(register()).contains(LobKeys.tableGone(second).toString()).hasSize(4);
  }
}
