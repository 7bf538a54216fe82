package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.RequestId;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.store.ReadView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Indexes are built and dropped while many write their table on every road of writing. In whatever
 * anybody can see at any time, an index has exactly the entries of the rows, and one that is being
 * built none of others. What each thread does comes from a seed; how they meet does not.
 */
@Timeout(300)
final class IndexRacesTest {
  private static final int WORKERS = 4;

  /** Some batches of the builder. */
  private static final int KEYS = 3_000;

  private static final List<String> STATEMENTS =
      List.of(
          "INSERT INTO t VALUES (:key, :few, :key, 0)",
          "INSERT INTO t VALUES (:key, :few, NULL, 0), (:key, NULL, :key, 0)",
          "DELETE FROM t WHERE id = :key",
          "DELETE FROM t WHERE id BETWEEN :key AND :key AND k = :few",
          "UPDATE t SET k = :few WHERE id = :key",
          "UPDATE t SET n = n + 1 WHERE id = :key",
          "UPDATE t SET n = n + 1 WHERE k = :few",
          "UPDATE t SET u = :key WHERE id = :key",
          "UPDATE t SET id = :key WHERE id = :key",
          "UPDATE t SET u = NULL WHERE id = :key");

  private static final List<String> INDEXES =
      List.of("CREATE INDEX i ON t (k)", "CREATE UNIQUE INDEX i ON t (u)");

  private static final TxConfig PATIENT =
      new TxConfig(Duration.ofMinutes(2), Duration.ofMinutes(5), 100);

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final PlannedSql planned = new PlannedSql();
  private final AtomicInteger names = new AtomicInteger();
  private final AtomicBoolean defined = new AtomicBoolean();
  private final Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
  private final AtomicInteger built = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private LocalReplica local;
  private Transactions transactions;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), planned::catalog, PATIENT, System::nanoTime, 77);
    define("CREATE TABLE t (id INT PRIMARY KEY, k INT, u INT, n INT)");
    for (int key = 0; key < KEYS; key += 2) {
      write(planned.change("INSERT INTO t VALUES (?, ?, ?, 0)", List.of(key, key % 5, key)));
    }
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    local.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void an_index_has_what_the_rows_have(long seed) {
    race(seed, 12);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void an_index_has_what_the_rows_have_for_long(long seed) {
    race(seed, 300);
  }

  private void race(long seed, int indexes) {
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      SplittableRandom random = new SplittableRandom(seed * WORKERS + i);
      workers.add(CompletableFuture.runAsync(() -> work(random), threads));
    }
    try {
      build(new SplittableRandom(seed), indexes);
    } finally {
      defined.set(true);
      workers.forEach(CompletableFuture::join);
    }
    look();
    assertThat(built.get()).as("SEED=%s", seed).isPositive();
    assertThat(written.get()).as("SEED=%s", seed).isGreaterThan(indexes);
    assertThat(refused)
        .as("SEED=%s", seed)
        .containsKey(ErrorCode.UNIQUE_VIOLATION)
        .doesNotContainKey(ErrorCode.LOCK_TIMEOUT);
  }

  private void build(SplittableRandom random, int indexes) {
    for (int i = 0; i < indexes; i++) {
      boolean unique = random.nextInt(3) == 0;
      try {
        if (unique && random.nextBoolean()) {
          write(planned.change("UPDATE t SET u = id", List.of()));
        }
        define(INDEXES.get(unique ? 1 : 0));
        built.incrementAndGet();
        look();
        define("DROP INDEX i");
      } catch (RuntimeException e) {
        note(e, ErrorCode.UNIQUE_VIOLATION, ErrorCode.WRITE_CONFLICT);
      }
      look();
    }
  }

  private void look() {
    try (ReadView view = local.replica().readView()) {
      IndexAgreement.check(
          view, planned.catalog(view).find(Catalog.DEFAULT_SCHEMA, "T").orElseThrow());
    }
  }

  private void work(SplittableRandom random) {
    for (int round = 0; !defined.get(); round++) {
      if (round % 50 == 0) {
        look();
      }
      try {
        switch (random.nextInt(4)) {
          case 0 -> {
            CompletableFuture<Written> proposed =
                transactions.writeNow(statement(random), named(names.incrementAndGet()));
            if (proposed != null) {
              proposed.join();
            }
          }
          case 1 -> write(statement(random), statement(random));
          case 2 -> transact(random);
          default -> write(statement(random));
        }
        written.incrementAndGet();
      } catch (RuntimeException e) {
        note(e, ErrorCode.UNIQUE_VIOLATION, ErrorCode.WRITE_CONFLICT);
      }
    }
  }

  private void note(RuntimeException failure, ErrorCode... expected) {
    ErrorCode code = ErrorMapper.map(failure).code();
    assertThat(code).as("%s", failure).isIn((Object[]) expected);
    synchronized (refused) {
      refused.merge(code, 1, Integer::sum);
    }
  }

  private void transact(SplittableRandom random) {
    try (Transaction transaction = transactions.begin()) {
      for (int i = 0; i < 3; i++) {
        transaction.write(List.of(statement(random)), PlannedSql.control());
      }
      transaction.commit(Request.UNNAMED, PlannedSql.control());
    }
  }

  private Request named(int name) {
    return new Request(
        Optional.of(new RequestId(name, 1)), local.replica().applied().current(), false);
  }

  private void write(Evaluation... statements) {
    var unused = transactions.write(List.of(statements), Request.UNNAMED, PlannedSql.control());
  }

  private Evaluation statement(SplittableRandom random) {
    String sql = STATEMENTS.get(random.nextInt(STATEMENTS.size()));
    List<Object> parameters = new ArrayList<>();
    for (int at = sql.indexOf(':'); at >= 0; at = sql.indexOf(':', at + 1)) {
      parameters.add(random.nextInt(sql.startsWith(":few", at) ? 5 : KEYS));
    }
    return planned.change(sql.replaceAll(":\\w+", "?"), List.copyOf(parameters));
  }

  private void define(String sql) {
    var unused =
        transactions.redefine(planned.definition(sql), Request.UNNAMED, PlannedSql.control());
  }
}
