package io.quorate.server.frontend;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.BatchResult;
import io.quorate.server.session.Description;
import io.quorate.server.session.MetadataAnswers;
import io.quorate.server.session.MetadataQuery;
import io.quorate.server.session.PendingWrite;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.Shown;
import io.quorate.server.session.Staleness;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.StatementService;
import io.quorate.server.session.Topology;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.lang.SqlFailure;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sessions without a database, that know a few statements of their own:
 *
 * <p>{@code INSERT} and {@code DELETE} change one row, {@code ALL TYPES} and {@code ALL NULLS}
 * return a row with a column of each type, {@code ROWS n} so many, {@code LARGE n} one of so many
 * characters, {@code ECHO} what each parameter came as, {@code COUNT n} changes so many rows,
 * {@code TAKE} is for batches, {@code FAIL} and {@code BREAK} do so, {@code WAIT} runs until it is
 * cancelled or let go, {@code SHORT x} returns x and takes neither waiting nor long, {@code LATER
 * x} is answered when the test says so, {@code LATER now} at once, {@code SET name value} and
 * {@code SHOW name} are about settings.
 */
public final class FakeStatements implements StatementService {
  /** What this node shows to a read that comes now. */
  public static final long NOW_REVISION = 900;

  public static final long NOW_MILLIS = 3;

  private static final List<SqlType> TYPES =
      List.of(
          SqlType.of(SqlType.Name.BOOLEAN),
          SqlType.of(SqlType.Name.TINYINT),
          SqlType.of(SqlType.Name.SMALLINT),
          SqlType.of(SqlType.Name.INTEGER),
          SqlType.of(SqlType.Name.BIGINT),
          new SqlType(SqlType.Name.DECIMAL, 12, 2),
          SqlType.of(SqlType.Name.REAL),
          SqlType.of(SqlType.Name.DOUBLE),
          new SqlType(SqlType.Name.CHAR, 3, 0),
          SqlType.of(SqlType.Name.VARCHAR),
          new SqlType(SqlType.Name.BINARY, 2, 0),
          SqlType.of(SqlType.Name.VARBINARY),
          SqlType.of(SqlType.Name.DATE),
          SqlType.of(SqlType.Name.TIME),
          SqlType.of(SqlType.Name.TIMESTAMP),
          SqlType.of(SqlType.Name.UUID));

  /** One value of each type, in the order of the types. */
  public static final List<Object> VALUES =
      List.of(
          true,
          (byte) -7,
          (short) 300,
          70_000,
          5_000_000_000L,
          new BigDecimal("1234.50"),
          1.5f,
          -2.25d,
          "abc",
          "Grüße, 世界 🙂",
          new byte[] {1, 2},
          new byte[] {-1, 0, 127},
          LocalDate.of(1969, 7, 20),
          LocalTime.of(23, 59, 58, 123_000_000),
          LocalDateTime.of(2026, 2, 28, 13, 14, 15, 123_456_789),
          UUID.fromString("12345678-1234-5678-1234-567812345678"));

  private final Map<String, FakeSession> sessions = new ConcurrentHashMap<>();
  private final MetadataAnswers metadata = new MetadataAnswers(new TreeMap<>());
  public final List<SessionOptions> openedWith = new CopyOnWriteArrayList<>();
  public final List<StatementRequest> requests = new CopyOnWriteArrayList<>();

  /** Names of the threads that ran statements, in their order. */
  final List<String> roads = new CopyOnWriteArrayList<>();

  /** Those that a test has to answer. */
  final List<PendingWrite> writes = new CopyOnWriteArrayList<>();

  public final CountDownLatch letGo = new CountDownLatch(1);
  public final CountDownLatch waiting = new CountDownLatch(1);
  public volatile Topology topology =
      new Topology(
          1,
          "fake",
          "n1",
          Optional.of("n2"),
          List.of(
              new Topology.Member("n1", "127.0.0.1:1", Topology.Role.VOTER, "", true),
              new Topology.Member("n2", "127.0.0.1:2", Topology.Role.VOTER, "", true)));

  /** How the cluster is as soon as the next write finds that this node does not lead. */
  final AtomicReference<@Nullable Topology> leadershipLost = new AtomicReference<>();

  @Override
  public Session open(SessionOptions options) {
    if (options.user().equals("nobody")) {
      throw new QuorateException(ErrorCode.OVERLOADED, "too many sessions");
    }
    openedWith.add(options);
    FakeSession session = new FakeSession("s" + openedWith.size(), options);
    sessions.put(session.id, session);
    return session;
  }

  @Override
  public Optional<Session> find(String id) {
    return Optional.ofNullable(sessions.get(id));
  }

  @Override
  public Staleness staleness(Shown shown) {
    return new Staleness(shown.revision(), 7, true);
  }

  /** Another one than any answer's with rows. */
  @Override
  public Staleness staleness() {
    return new Staleness(NOW_REVISION, NOW_MILLIS, true);
  }

  @Override
  public Topology topology() {
    return topology;
  }

  /** How many sessions are open. */
  public int open() {
    return sessions.size();
  }

  private final class FakeSession implements Session {
    private final String id;
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private final Map<Long, List<@Nullable Object[]>> cursors = new ConcurrentHashMap<>();
    private volatile boolean cancelled;
    private volatile boolean inTransaction;
    private final Set<String> savepoints = ConcurrentHashMap.newKeySet();
    private long lastCursor;
    private long revision = 100;

    FakeSession(String id, SessionOptions options) {
      this.id = id;
      settings.putAll(
          Map.of(
              "autocommit", "true",
              "read_only", "false",
              "isolation", "REPEATABLE READ",
              "schema", "PUBLIC"));
      settings.putAll(options.settings());
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Description describe(String sql, long readAfter) {
      if (sql.equals("BAD")) {
        throw new SqlFailure(SqlFailure.State.SYNTAX_ERROR, "syntax error at \"BAD\"");
      }
      List<ResultColumn> parameters =
          sql.equals("ECHO") || sql.equals("TAKE")
              ? List.of(ResultColumn.computed("", SqlType.of(SqlType.Name.VARCHAR)))
              : List.of();
      List<ResultColumn> columns = columns(sql);
      return new Description(columns, parameters, !columns.isEmpty());
    }

    private List<ResultColumn> columns(String sql) {
      if (sql.startsWith("ALL ")) {
        List<ResultColumn> columns = new ArrayList<>();
        for (SqlType type : TYPES) {
          columns.add(new ResultColumn("C_" + type.name(), type, true, "PUBLIC", "ALL_TYPES", "C"));
        }
        return columns;
      } else if (sql.startsWith("ROWS ")) {
        return List.of(
            ResultColumn.computed("N", SqlType.of(SqlType.Name.INTEGER)),
            ResultColumn.computed("T", SqlType.of(SqlType.Name.VARCHAR)));
      } else if (sql.equals("ECHO") || sql.matches("(SHOW|SHORT|LARGE|ESCAPED) .*")) {
        return List.of(ResultColumn.computed("T", SqlType.of(SqlType.Name.VARCHAR)));
      }
      return List.of();
    }

    @Override
    public Optional<StatementResult> tryExecute(StatementRequest request) {
      if (!request.sql().startsWith("SHORT ") || inTransaction) {
        return Optional.empty();
      }
      roads.add(Thread.currentThread().getName());
      if (request.sql().equals("SHORT broken")) {
        Invariant.check(false, "two and two are five");
      }
      return Optional.of(rows(request.sql(), request));
    }

    @Override
    public Optional<PendingWrite> tryWrite(StatementRequest request) {
      if (!request.sql().startsWith("LATER ")) {
        return Optional.empty();
      }
      roads.add(Thread.currentThread().getName());
      PendingWrite write =
          new PendingWrite(
              request,
              Deadline.after(Duration.ofMinutes(1), System::nanoTime),
              new CompletableFuture<>());
      if (request.sql().equals("LATER now")) {
        write.answer().complete(updated(1));
      }
      writes.add(write);
      return Optional.of(write);
    }

    @Override
    public StatementResult settle(PendingWrite write, Throwable failure) {
      roads.add(Thread.currentThread().getName());
      if (write.request().sql().equals("LATER fails")) {
        throw ErrorMapper.map(failure);
      }
      return updated(2);
    }

    @Override
    public StatementResult execute(StatementRequest request) {
      requests.add(request);
      roads.add(Thread.currentThread().getName());
      String sql = request.sql();
      String[] words = sql.split(" ", -1);
      return switch (words[0]) {
        case "COUNT" -> updated(Long.parseLong(words[1]));
        case "CREATE" -> updated(0);
        case "TAKE" -> updated(1);
        case "SET" -> {
          set(words[1], words[2]);
          yield updated(0);
        }
        case "BEGIN" -> {
          inTransaction = true;
          yield updated(0);
        }
        case "FAIL" ->
            throw new SqlFailure(SqlFailure.State.UNIQUE_VIOLATION, "key 1 is there already");
        case "BREAK" -> throw new IllegalStateException("secret\n\tat of.no.Interest");
        case "WAIT" -> await();
        case "INSERT", "DELETE" -> write();
        default -> rows(sql, request);
      };
    }

    private StatementResult updated(long count) {
      revision++;
      return StatementResult.updated(count, Shown.of(revision));
    }

    private StatementResult write() {
      Topology then = leadershipLost.getAndSet(null);
      if (then != null) {
        topology = then;
        throw new QuorateException(ErrorCode.NO_LEADER, "this node does not lead any more");
      }
      return updated(1);
    }

    private StatementResult await() {
      waiting.countDown();
      try {
        while (!letGo.await(5, TimeUnit.MILLISECONDS)) {
          if (cancelled) {
            throw new QuorateException(ErrorCode.CANCELLED, "the statement was cancelled");
          }
        }
      } catch (InterruptedException e) {
        throw new QuorateException(ErrorCode.CANCELLED, "interrupted", e);
      }
      return updated(0);
    }

    private StatementResult rows(String sql, StatementRequest request) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      if (sql.equals("ALL TYPES")) {
        rows.add(VALUES.toArray());
      } else if (sql.equals("ALL NULLS")) {
        rows.add(new @Nullable Object[TYPES.size()]);
      } else if (sql.startsWith("ROWS ")) {
        int count = Integer.parseInt(sql.substring(5));
        for (int i = 0; i < count; i++) {
          rows.add(new Object[] {i, "row " + i});
        }
      } else if (sql.startsWith("LARGE ")) {
        rows.add(new Object[] {"x".repeat(Integer.parseInt(sql.substring(6)))});
      } else if (sql.startsWith("ESCAPED ")) {
        rows.add(new Object[] {"\u0001".repeat(Integer.parseInt(sql.substring(8)))});
      } else if (sql.equals("ECHO")) {
        for (Object value : request.parameters()) {
          rows.add(new Object[] {value == null ? "null" : echo(value)});
        }
      } else if (sql.equals("SHORT fails")) {
        throw new SqlFailure(SqlFailure.State.INVALID_PARAMETER, "no such short one");
      } else if (sql.startsWith("SHORT ")) {
        rows.add(new Object[] {sql.substring(6)});
      } else if (sql.startsWith("SHOW ")) {
        rows.add(new Object[] {get(sql.substring(5))});
      } else {
        throw new SqlFailure(SqlFailure.State.SYNTAX_ERROR, "syntax error at \"" + sql + "\"");
      }
      List<@Nullable Object[]> kept =
          request.rowsMax() > 0 && request.rowsMax() < rows.size()
              ? rows.subList(0, (int) request.rowsMax())
              : rows;
      long cursor = ++lastCursor;
      cursors.put(cursor, kept);
      return new StatementResult(
          columns(sql), fetch(cursor, request.firstRows()), -1, Shown.of(revision));
    }

    private static String echo(Object value) {
      String text =
          value instanceof byte[] bytes ? new BigDecimal(bytes.length) + " bytes" : "" + value;
      return value.getClass().getSimpleName() + " " + text;
    }

    @Override
    public BatchResult executeBatch(
        StatementRequest request, List<List<@Nullable Object>> parameters) {
      requests.add(request);
      List<Long> counts = new ArrayList<>();
      for (List<@Nullable Object> values : parameters) {
        if (values.contains("bad")) {
          throw new SqlFailure(SqlFailure.State.NOT_NULL_VIOLATION, "column X must not be NULL");
        }
        counts.add((long) values.size());
      }
      return new BatchResult(counts, ++revision);
    }

    @Override
    public RowBatch fetch(long cursor, int rowsMax) {
      List<@Nullable Object[]> rows = cursors.get(cursor);
      if (rows == null) {
        throw new QuorateException(ErrorCode.CONNECTION_CLOSED, "there is no cursor " + cursor);
      }
      if (rows.size() <= rowsMax) {
        cursors.remove(cursor);
        return new RowBatch(rows, 0);
      }
      cursors.put(cursor, rows.subList(rowsMax, rows.size()));
      return new RowBatch(rows.subList(0, rowsMax), cursor);
    }

    @Override
    public byte[] readValue(long cursor, long id, long offset, int countMax) {
      throw new UnsupportedOperationException("no large values are named");
    }

    @Override
    public void writeValue(long id, long offset, byte[] bytes, boolean last) {
      throw new UnsupportedOperationException("no large values are taken");
    }

    @Override
    public void closeCursor(long cursor) {
      cursors.remove(cursor);
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public long revision() {
      return revision;
    }

    @Override
    public StatementResult commit(WriteIdentity identity) {
      inTransaction = false;
      return updated(0);
    }

    @Override
    public void rollback() {
      inTransaction = false;
    }

    @Override
    public void savepoint(SavepointStep step, String name, long readAfter, Duration timeout) {
      if (step != SavepointStep.SET && !savepoints.contains(name)) {
        throw new QuorateException(ErrorCode.SAVEPOINT_NOT_FOUND, "there is no savepoint " + name);
      }
      inTransaction = true;
      savepoints.add(name);
    }

    @Override
    public void set(String setting, String value) {
      if (setting.equals("unknown")) {
        throw new QuorateException(ErrorCode.INVALID_PARAMETER, "there is no setting unknown");
      }
      settings.put(setting, value);
    }

    @Override
    public String get(String setting) {
      return setting.equals("cursors")
          ? String.valueOf(cursors.size())
          : settings.getOrDefault(setting, "");
    }

    @Override
    public boolean inTransaction() {
      return inTransaction;
    }

    @Override
    public RowBatch metadata(MetadataQuery query, long readAfter) {
      return metadata.answer(catalog(), query);
    }

    @Override
    public void close() {
      sessions.remove(id);
    }
  }

  private static Catalog catalog() {
    TableDef table =
        new TableDef(
            16,
            "PUBLIC",
            "ORDERS",
            List.of(
                new ColumnDef("ID", SqlType.of(SqlType.Name.BIGINT), false, null),
                new ColumnDef("PRICE", new SqlType(SqlType.Name.DECIMAL, 12, 2), true, "0.00")),
            List.of(0),
            "PK_ORDERS",
            List.of());
    TreeMap<String, SortedMap<String, TableDef>> tables = new TreeMap<>();
    tables.put("PUBLIC", new TreeMap<>(Map.of("ORDERS", table)));
    return new Catalog(1, 17, new TreeSet<>(List.of("PUBLIC")), tables);
  }
}
