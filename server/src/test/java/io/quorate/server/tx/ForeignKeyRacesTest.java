package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.RequestId;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ForeignKeyDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.ReadView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many write at once what foreign keys bind, on every road of writing: short, by itself, in batches
 * and in transactions, while foreign keys come and go. Whatever anybody can see at any time, no row
 * refers to one that is not there. What each thread does comes from a seed; how they meet does not.
 */
@Timeout(300)
final class ForeignKeyRacesTest {
  private static final int WORKERS = 6;

  private static final int ROUNDS_A_LOOK = 10;

  /** Few, so that all want the same. */
  private static final int KEYS = 4;

  private static final List<String> STATEMENTS =
      List.of(
          "INSERT INTO p VALUES (:key, :key, 0)",
          "INSERT INTO p VALUES (:key, :key, 0)",
          "DELETE FROM p WHERE id = :key",
          "UPDATE p SET id = :key WHERE id = :key",
          "UPDATE p SET n = n + 1 WHERE id = :key",
          "UPDATE p SET code = :key WHERE code = :key",
          "INSERT INTO c VALUES (:new, :key)",
          "INSERT INTO c VALUES (:new, :key), (:new, :key)",
          "UPDATE c SET pid = :key WHERE pid = :key",
          "DELETE FROM c WHERE pid = :key",
          "INSERT INTO d VALUES (:new, :key)",
          "UPDATE d SET code = :key WHERE code = :key",
          "INSERT INTO e VALUES (:new, :key)",
          "INSERT INTO t VALUES (:key, :key)",
          "INSERT INTO t VALUES (:key, NULL)",
          "DELETE FROM t WHERE id = :key",
          "UPDATE t SET up = :key WHERE id = :key",
          "INSERT INTO g VALUES (:new, :key)",
          "INSERT INTO g VALUES (:new, :key)",
          "DELETE FROM g WHERE pid NOT IN (SELECT id FROM p)");

  /** So that who waits for too long waits for itself. */
  private static final TxConfig PATIENT =
      new TxConfig(Duration.ofMinutes(2), Duration.ofMinutes(5), 100);

  private static final List<Road> ROADS =
      List.of(Road.SHORT, Road.ALONE, Road.BATCH, Road.TRANSACTION);

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final PlannedSql planned = new PlannedSql();
  private final AtomicInteger names = new AtomicInteger();
  private final Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
  private final Map<Road, Integer> done = new EnumMap<>(Road.class);
  private LocalReplica local;
  private Transactions transactions;

  private enum Road {
    SHORT,
    ALONE,
    BATCH,
    TRANSACTION,
    DEFINITION
  }

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), planned::catalog, PATIENT, System::nanoTime, 77);
    define("CREATE TABLE p (id INT PRIMARY KEY, code INT UNIQUE, n INT)");
    define("CREATE TABLE c (id INT PRIMARY KEY, pid INT REFERENCES p)");
    define(
        "CREATE TABLE d (id INT PRIMARY KEY, code INT REFERENCES p (code) ON UPDATE CASCADE"
            + " ON DELETE CASCADE)");
    define(
        "CREATE TABLE e (id INT PRIMARY KEY, pid INT REFERENCES p ON UPDATE CASCADE"
            + " ON DELETE SET NULL)");
    define("CREATE TABLE t (id INT PRIMARY KEY, up INT REFERENCES t ON DELETE CASCADE)");
    define("CREATE TABLE g (id INT PRIMARY KEY, pid INT)");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    local.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void nobody_ever_sees_a_row_that_refers_to_nothing(long seed) {
    race(seed, 100);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void nobody_ever_sees_a_row_that_refers_to_nothing_for_long(long seed) {
    race(seed, 1_500);
  }

  private void race(long seed, int rounds) {
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      SplittableRandom random = new SplittableRandom(seed * WORKERS + i);
      boolean defines = i == 0;
      workers.add(CompletableFuture.runAsync(() -> work(random, rounds, defines), threads));
    }
    workers.forEach(CompletableFuture::join);
    assertNoOrphansNow();
    assertThat(done).as("SEED=%s", seed).containsOnlyKeys(Road.values());
    assertThat(refused)
        .as("SEED=%s", seed)
        .containsKeys(ErrorCode.FOREIGN_KEY_VIOLATION, ErrorCode.WRITE_CONFLICT)
        .doesNotContainKeys(ErrorCode.INTERNAL_ERROR, ErrorCode.LOCK_TIMEOUT);
  }

  private void assertNoOrphansNow() {
    try (ReadView view = local.replica().readView()) {
      assertNoOrphans(view);
    }
  }

  private void assertNoOrphans(ReadView view) {
    Catalog catalog = planned.catalog(view);
    for (TableDef table :
        Objects.requireNonNull(catalog.tables().get(Catalog.DEFAULT_SCHEMA)).values()) {
      for (ForeignKeyDef key : table.foreignKeys()) {
        TableDef parent = catalog.find(key.table()).orElseThrow();
        String from = table.columns().get(key.columns().get(0)).name();
        String to = parent.columns().get(key.referenced().get(0)).name();
        String sql =
            String.format(
                "SELECT COUNT(*) FROM %s x LEFT JOIN %s y ON x.%s = y.%s"
                    + " WHERE x.%s IS NOT NULL AND y.%s IS NULL",
                table.name(), parent.name(), from, to, from, to);
        assertThat(planned.number(view, sql))
            .as("orphans by %s at %s", key.name(), view.revision())
            .isZero();
      }
    }
  }

  private void work(SplittableRandom random, int rounds, boolean defines) {
    for (int round = 0; round < rounds; round++) {
      if (round % ROUNDS_A_LOOK == 0) {
        assertNoOrphansNow();
      }
      Road road = ROADS.get(random.nextInt(ROADS.size()));
      if (defines && random.nextInt(10) == 0) {
        road = Road.DEFINITION;
      }
      try {
        if (walk(road, random)) {
          note(done, road);
        }
      } catch (RuntimeException e) {
        ErrorCode code = ErrorMapper.map(e).code();
        assertThat(code)
            .as("%s", e)
            .isIn(
                ErrorCode.FOREIGN_KEY_VIOLATION,
                ErrorCode.UNIQUE_VIOLATION,
                ErrorCode.WRITE_CONFLICT,
                ErrorCode.OBJECT_EXISTS,
                ErrorCode.LOCK_TIMEOUT);
        note(refused, code);
      }
    }
  }

  private static <K> void note(Map<K, Integer> counts, K key) {
    synchronized (counts) {
      counts.merge(key, 1, Integer::sum);
    }
  }

  private boolean walk(Road road, SplittableRandom random) {
    switch (road) {
      case SHORT -> {
        CompletableFuture<Written> written =
            transactions.writeNow(statement(random), named(names.incrementAndGet()));
        if (written == null) {
          return false;
        }
        written.join();
      }
      case ALONE -> write(statement(random));
      case BATCH -> write(statement(random), statement(random), statement(random));
      case TRANSACTION -> transact(random);
      case DEFINITION -> {
        boolean drop = random.nextBoolean();
        define(
            drop
                ? "ALTER TABLE g DROP CONSTRAINT IF EXISTS gf"
                : "ALTER TABLE g ADD CONSTRAINT gf FOREIGN KEY (pid) REFERENCES p");
      }
    }
    return true;
  }

  private Request named(int name) {
    long base = local.replica().applied().current();
    return new Request(Optional.of(new RequestId(name, 1)), base, false);
  }

  private void transact(SplittableRandom random) {
    try (Transaction transaction = transactions.begin()) {
      for (int i = 0; i < 3; i++) {
        try {
          transaction.write(List.of(statement(random)), PlannedSql.control());
        } catch (RuntimeException e) {
          ErrorCode code = ErrorMapper.map(e).code();
          if (code == ErrorCode.WRITE_CONFLICT) {
            throw e;
          }
          note(refused, code);
        }
      }
      transaction.commit(Request.UNNAMED, PlannedSql.control());
    }
  }

  private void write(Evaluation... statements) {
    var unused =
        transactions.write(Arrays.asList(statements), Request.UNNAMED, PlannedSql.control());
  }

  private Evaluation statement(SplittableRandom random) {
    String sql = STATEMENTS.get(random.nextInt(STATEMENTS.size()));
    List<@Nullable Object> parameters = new ArrayList<>();
    for (int at = sql.indexOf(':'); at >= 0; at = sql.indexOf(':', at + 1)) {
      parameters.add(sql.startsWith(":new", at) ? names.incrementAndGet() : random.nextInt(KEYS));
    }
    String prepared = sql.replaceAll(":\\w+", "?");
    return planned.change(prepared, parameters);
  }

  private void define(String sql) {
    var unused =
        transactions.redefine(planned.definition(sql), Request.UNNAMED, PlannedSql.control());
  }
}
