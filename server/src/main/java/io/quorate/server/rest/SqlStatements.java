package io.quorate.server.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.WireLimits;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One SQL statement as JSON, in a session that ends with it. Thread-safe; blocks. */
final class SqlStatements {
  private static final Set<String> MEMBERS = Set.of("sql", "params", "timeout_ms", "read_after");

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private final RestSessions sessions;
  private final LongSupplier nanoClock;

  /**
   * @param nanoClock monotonic
   */
  SqlStatements(RestSessions sessions, LongSupplier nanoClock) {
    this.sessions = sessions;
    this.nanoClock = nanoClock;
  }

  /** Runs the statement that the body tells, and answers its rows or how many it changed. */
  RestAnswer answer(String user, JsonBody body) {
    body.requireOnly(MEMBERS);
    String sql = body.requireText("sql");
    List<@Nullable Object> parameters = parameters(body);
    long timeout =
        body.number("timeout_ms", RestLimits.TIMEOUT.toMillis(), RestLimits.TIMEOUT_MAX.toMillis());
    if (timeout == 0) {
      throw JsonBody.invalid("\"timeout_ms\" is 0");
    }
    long readAfter = body.number("read_after", 0, Long.MAX_VALUE);
    Deadline due = Deadline.after(Duration.ofMillis(timeout), nanoClock);
    return sessions.with(
        user,
        Map.of(),
        session ->
            run(
                session,
                new StatementRequest(
                    sql,
                    typed(session, sql, parameters, readAfter),
                    WriteIdentity.NONE,
                    readAfter,
                    RestLimits.ROWS_AT_ONCE,
                    RestLimits.ROWS + 1L,
                    left(due)),
                due));
  }

  /** What looking at the statement has left of its time, and a moment at least. */
  private static Duration left(Deadline due) {
    Duration left = due.remaining();
    return left.isZero() ? Duration.ofNanos(1) : left;
  }

  private static List<@Nullable Object> parameters(JsonBody body) {
    List<@Nullable Object> parameters = new ArrayList<>();
    JsonNode given = body.find("params").orElse(null);
    if (given == null) {
      return parameters;
    }
    if (!given.isArray()) {
      throw JsonBody.invalid("\"params\" is no array");
    }
    for (JsonNode each : given) {
      parameters.add(parameter(each, parameters.size() + 1));
    }
    return parameters;
  }

  private static @Nullable Object parameter(JsonNode value, int number) {
    if (value.isTextual()) {
      return Text.whole(value.textValue(), "parameter " + number);
    } else if (value.isBoolean()) {
      return value.booleanValue();
    } else if (value.isIntegralNumber()) {
      return value.canConvertToLong() ? value.longValue() : value.decimalValue();
    } else if (value.isNumber()) {
      return requireShort(value.decimalValue(), number);
    } else if (value.isNull()) {
      return null;
    }
    throw JsonBody.invalid(
        "parameter " + number + " is neither a string nor a number, true, false or null");
  }

  /** Written out, it must not have more digits than a DECIMAL may have. */
  private static BigDecimal requireShort(BigDecimal value, int number) {
    if (Math.abs((long) value.scale()) > WireLimits.DECIMAL_SCALE_MAX) {
      throw new QuorateException(
          ErrorCode.NUMBER_OUT_OF_RANGE,
          "parameter " + number + " has more digits than any column takes");
    }
    return value;
  }

  /** JSON has no bytes: where a parameter is of such, a string is their Base64. */
  private static List<@Nullable Object> typed(
      Session session, String sql, List<@Nullable Object> parameters, long readAfter) {
    if (parameters.stream().noneMatch(String.class::isInstance)) {
      return parameters;
    }
    List<ResultColumn> types = session.describe(sql, readAfter).parameters();
    List<@Nullable Object> typed = new ArrayList<>(parameters);
    for (int i = 0; i < Math.min(typed.size(), types.size()); i++) {
      if (typed.get(i) instanceof String text && isBinary(types.get(i).type())) {
        typed.set(i, bytes(text, i + 1));
      }
    }
    return typed;
  }

  private static boolean isBinary(SqlType type) {
    return switch (type.name()) {
      case BINARY, VARBINARY, BLOB -> true;
      default -> false;
    };
  }

  private static byte[] bytes(String base64, int number) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new QuorateException(
          ErrorCode.INVALID_TEXT, "parameter " + number + " is of bytes, and no Base64", e);
    }
  }

  private static RestAnswer run(Session session, StatementRequest request, Deadline due) {
    StatementResult result = session.execute(request);
    if (session.inTransaction()) {
      throw new QuorateException(
          ErrorCode.INVALID_TRANSACTION_STATE,
          "a transaction cannot go on in another request: it is rolled back");
    }
    if (!result.returnsRows()) {
      return RestAnswer.ok(
          RestAnswer.success()
              .put("update_count", result.updateCount())
              .put("revision", result.revision()));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("error_code", 0);
      out.writeNumberField("revision", result.revision());
      writeColumns(out, result.columns());
      out.writeArrayFieldStart("rows");
      writeRows(new Answer(out, bytes, due), session, result);
      out.writeEndArray();
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a value cannot be written as JSON", e);
    }
    return RestAnswer.ok(bytes.toByteArray());
  }

  private static void writeColumns(JsonGenerator out, List<ResultColumn> columns)
      throws IOException {
    out.writeArrayFieldStart("columns");
    for (ResultColumn column : columns) {
      out.writeStartObject();
      out.writeStringField("name", column.label());
      out.writeStringField("type", column.type().toString());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** An answer that is written, and when it must be. */
  private record Answer(JsonGenerator out, ByteArrayOutputStream bytes, Deadline due) {
    void requireRoom(long more) {
      if (bytes.size() + more > RestLimits.ANSWER_BYTES) {
        throw tooMuch("has more than " + RestLimits.ANSWER_BYTES + " bytes");
      }
    }
  }

  private static void writeRows(Answer answer, Session session, StatementResult result)
      throws IOException {
    int rows = 0;
    RowBatch batch = result.rows();
    while (true) {
      JsonValues values = new JsonValues(answer.out, session, batch.values());
      for (@Nullable Object[] row : batch.rows()) {
        if (++rows > RestLimits.ROWS) {
          throw tooMuch("has more than " + RestLimits.ROWS + " rows");
        }
        answer.requireRoom(JsonValues.bytesAtLeast(row));
        values.writeRow(row);
        answer.out.flush();
        // Base64 and what is escaped take more than was known before.
        answer.requireRoom(0);
      }
      if (batch.done()) {
        return;
      }
      if (answer.due.expired()) {
        throw tooMuch("takes longer to read than \"timeout_ms\" allows");
      }
      batch = session.fetch(batch.cursor(), RestLimits.ROWS_AT_ONCE);
    }
  }

  private static QuorateException tooMuch(String beyond) {
    return new QuorateException(
        ErrorCode.LIMIT_EXCEEDED,
        "the result "
            + beyond
            + ", which is the most for one answer over HTTP: ask for less, as by FETCH FIRST, or"
            + " use a driver (a statement that changes rows has changed them)");
  }
}
