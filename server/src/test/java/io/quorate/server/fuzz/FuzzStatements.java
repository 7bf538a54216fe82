package io.quorate.server.fuzz;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.BatchResult;
import io.quorate.server.session.Description;
import io.quorate.server.session.MetadataAnswers;
import io.quorate.server.session.MetadataQuery;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.server.session.Shown;
import io.quorate.server.session.Staleness;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.StatementService;
import io.quorate.server.session.Topology;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that run nothing and stand everything: {@code ROWS n} returns at most a thousand rows,
 * {@code COUNT n} changes n, all else is a syntax error. Thread-safe.
 *
 * <p>Proxies, so that what these interfaces learn later is refused here and needs no word.
 */
final class FuzzStatements {
  private static final int ROWS_MAX = 1_000;
  private static final List<ResultColumn> COLUMNS =
      List.of(
          ResultColumn.computed("N", SqlType.of(SqlType.Name.INTEGER)),
          ResultColumn.computed("T", SqlType.of(SqlType.Name.VARCHAR)));

  private final MetadataAnswers metadata = new MetadataAnswers(new TreeMap<>());
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger cursors = new AtomicInteger();

  /** Sessions that are open. */
  int open() {
    return open.get();
  }

  /** Sessions that were opened. */
  int opened() {
    return opened.get();
  }

  /** Cursors that are open in all sessions. */
  int cursors() {
    return cursors.get();
  }

  StatementService service() {
    Topology topology =
        new Topology(
            1,
            "fuzz",
            "n1",
            Optional.of("n1"),
            List.of(new Topology.Member("n1", "127.0.0.1:1", Topology.Role.VOTER, "", true)));
    return proxy(
        StatementService.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "open" -> session();
              case "find" -> Optional.empty();
              case "topology" -> topology;
              case "staleness" ->
                  new Staleness(arguments == null ? 0 : ((Shown) arguments[0]).revision(), 7, true);
              default -> throw unknown(method);
            });
  }

  private Session session() {
    open.incrementAndGet();
    return proxy(Session.class, new FuzzSession("s" + opened.incrementAndGet()));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static QuorateException unknown(Method method) {
    return new QuorateException(ErrorCode.NOT_SUPPORTED, "no " + method.getName() + " here");
  }

  private static SqlFailure syntaxError() {
    return new SqlFailure(SqlFailure.State.SYNTAX_ERROR, "syntax error");
  }

  /** One session, confined as sessions are; only cancelling does nothing. */
  private final class FuzzSession implements InvocationHandler {
    private final String id;
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private final Map<Long, List<@Nullable Object[]>> results = new ConcurrentHashMap<>();
    private boolean closed;
    private long lastCursor;
    private long revision = 100;

    FuzzSession(String id) {
      this.id = id;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
      Object[] given = arguments == null ? new Object[0] : arguments;
      return switch (method.getName()) {
        case "id" -> id;
        case "describe" -> describe((String) given[0]);
        case "execute" -> execute((StatementRequest) given[0]);
        case "tryExecute", "tryWrite" -> Optional.empty();
        case "executeBatch" -> batch((List<?>) given[1]);
        case "fetch" -> fetch((Long) given[0], (Integer) given[1]);
        case "closeCursor" -> close((Long) given[0]);
        case "commit" -> StatementResult.updated(0, Shown.of(++revision));
        case "rollback", "cancel", "savepoint" -> null;
        case "set" -> settings.put((String) given[0], (String) given[1]);
        case "get" -> setting((String) given[0]);
        case "revision" -> revision;
        case "inTransaction" -> false;
        case "metadata" -> metadata.answer(catalog(), (MetadataQuery) given[0]);
        case "close" -> close();
        case "hashCode" -> System.identityHashCode(proxy);
        case "equals" -> proxy == given[0];
        case "toString" -> id;
        default -> throw unknown(method);
      };
    }

    private String setting(String name) {
      return settings.getOrDefault(
          name,
          switch (name) {
            case "autocommit" -> "true";
            case "read_only" -> "false";
            case "isolation" -> "REPEATABLE READ";
            default -> "PUBLIC";
          });
    }

    private Description describe(String sql) {
      int rows = number(sql, "ROWS ");
      return new Description(rows < 0 ? List.of() : COLUMNS, List.of(), rows >= 0);
    }

    private StatementResult execute(StatementRequest request) {
      int count = number(request.sql(), "COUNT ");
      if (count >= 0) {
        return StatementResult.updated(count, Shown.of(++revision));
      }
      int size = number(request.sql(), "ROWS ");
      if (size < 0) {
        throw syntaxError();
      }
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        rows.add(new Object[] {i, "row " + i});
      }
      long cursor = ++lastCursor;
      results.put(cursor, rows);
      cursors.incrementAndGet();
      return new StatementResult(
          COLUMNS, fetch(cursor, request.firstRows()), -1, Shown.of(revision));
    }

    /** A small number behind a word; -1 for every other text. */
    private static int number(String sql, String word) {
      String digits = sql.startsWith(word) ? sql.substring(word.length()) : "";
      return digits.matches("[0-9]{1,4}") ? Math.min(ROWS_MAX, Integer.parseInt(digits)) : -1;
    }

    private BatchResult batch(List<?> parameters) {
      List<Long> counts = new ArrayList<>();
      parameters.forEach(values -> counts.add(1L));
      return new BatchResult(counts, ++revision);
    }

    private RowBatch fetch(long cursor, int rowsMax) {
      List<@Nullable Object[]> rows = results.get(cursor);
      if (rows == null) {
        throw new QuorateException(ErrorCode.CONNECTION_CLOSED, "there is no cursor " + cursor);
      }
      if (rows.size() <= rowsMax) {
        var unused = close(cursor);
        return new RowBatch(rows, 0);
      }
      results.put(cursor, rows.subList(Math.max(0, rowsMax), rows.size()));
      return new RowBatch(rows.subList(0, Math.max(0, rowsMax)), cursor);
    }

    private @Nullable Object close(long cursor) {
      if (results.remove(cursor) != null) {
        cursors.decrementAndGet();
      }
      return null;
    }

    private @Nullable Object close() {
      if (!closed) {
        closed = true;
        List.copyOf(results.keySet()).forEach(this::close);
        open.decrementAndGet();
      }
      return null;
    }
  }

  private static Catalog catalog() {
    TreeMap<String, SortedMap<String, TableDef>> tables = new TreeMap<>();
    tables.put("PUBLIC", new TreeMap<>());
    return new Catalog(1, 17, new TreeSet<>(List.of("PUBLIC")), tables);
  }
}
