package io.quorate.server.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Encoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.proto.Common.WireMessage;
import org.apache.calcite.avatica.remote.JsonService;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;

/** Valid requests of Avatica's clients in both encodings, written by the stock classes. */
final class AvaticaRecordings {
  static final String CONNECTION = "c0ffee";

  private static final ObjectMapper JSON = JsonService.MAPPER;
  private static final ProtobufTranslationImpl PROTOBUF = new ProtobufTranslationImpl();

  private AvaticaRecordings() {}

  static Service.Request open() {
    return new Service.OpenConnectionRequest(CONNECTION, Map.of("user", "someone"));
  }

  /** All procedures there are; the statements 1 to 3 exist when these have run once in order. */
  static List<Service.Request> requests() {
    Meta.StatementHandle prepared =
        new Meta.StatementHandle(
            CONNECTION,
            2,
            Meta.Signature.create(
                List.of(),
                "ROWS 9",
                List.of(),
                Meta.CursorFactory.ARRAY,
                Meta.StatementType.SELECT));
    return List.of(
        new Service.CreateStatementRequest(CONNECTION),
        new Service.PrepareRequest(CONNECTION, "ROWS 500", -1),
        new Service.PrepareRequest(CONNECTION, "COUNT 5", 7),
        new Service.PrepareAndExecuteRequest(CONNECTION, 1, "ROWS 300", -1, 10),
        new Service.PrepareAndExecuteRequest(CONNECTION, 1, "COUNT 3", -1, 100),
        new Service.ExecuteRequest(prepared, values(), 20),
        new Service.ExecuteRequest(new Meta.StatementHandle(CONNECTION, 3, null), List.of(), 0),
        new Service.FetchRequest(CONNECTION, 2, 20, 100),
        new Service.SyncResultsRequest(CONNECTION, 2, new QueryState("ROWS 5"), 0),
        new Service.ExecuteBatchRequest(CONNECTION, 3, List.of(values(), List.of())),
        new Service.PrepareAndExecuteBatchRequest(CONNECTION, 1, List.of("COUNT 1", "COUNT 2")),
        new Service.ConnectionSyncRequest(
            CONNECTION,
            new ConnectionPropertiesImpl(
                false, true, Connection.TRANSACTION_SERIALIZABLE, null, "S")),
        new Service.ConnectionSyncRequest(CONNECTION, new ConnectionPropertiesImpl()),
        new Service.CommitRequest(CONNECTION),
        new Service.RollbackRequest(CONNECTION),
        new Service.DatabasePropertyRequest(CONNECTION),
        new Service.CatalogsRequest(CONNECTION),
        new Service.SchemasRequest(CONNECTION, "QUORATE", "%"),
        new Service.TablesRequest(CONNECTION, null, "PUBLIC", "%", List.of("TABLE", "VIEW")),
        new Service.TableTypesRequest(CONNECTION),
        new Service.ColumnsRequest(CONNECTION, null, "PUBLIC", "%", "%"),
        new Service.TypeInfoRequest(CONNECTION),
        new Service.CloseStatementRequest(CONNECTION, 1));
  }

  /** Those that a client may send at any time, and those that open and close. */
  static List<Service.Request> all() {
    List<Service.Request> all = new ArrayList<>(requests());
    all.add(open());
    all.add(new Service.OpenConnectionRequest("other", Map.of()));
    all.add(new Service.CloseConnectionRequest("other"));
    return all;
  }

  private static List<TypedValue> values() {
    return List.of(
        TypedValue.ofSerial(Rep.INTEGER, 5),
        TypedValue.ofSerial(Rep.LONG, 5_000_000_000L),
        TypedValue.ofSerial(Rep.STRING, "Grüße, 世界 🙂"),
        TypedValue.ofSerial(Rep.NUMBER, new BigDecimal("1234.50")),
        TypedValue.ofSerial(Rep.DOUBLE, 2.5d),
        TypedValue.ofSerial(Rep.BOOLEAN, true),
        TypedValue.ofSerial(Rep.BYTE_STRING, "AQID"),
        TypedValue.ofSerial(Rep.JAVA_SQL_DATE, 20_000),
        TypedValue.ofSerial(Rep.JAVA_SQL_TIME, 80_000),
        TypedValue.ofSerial(Rep.JAVA_SQL_TIMESTAMP, 1_700_000_000_123L),
        TypedValue.EXPLICIT_NULL);
  }

  static byte[] encode(Encoding encoding, Service.Request request) {
    if (encoding == Encoding.JSON && request instanceof Service.SyncResultsRequest) {
      // Avatica asserts that it never writes what it does write.
      return Mutator.ascii(
          "{\"request\":\"syncResults\",\"connectionId\":\"c0ffee\",\"statementId\":2,"
              + "\"state\":{\"type\":\"SQL\",\"sql\":\"ROWS 5\"},\"offset\":0}");
    }
    try {
      return encoding == Encoding.JSON
          ? JSON.writeValueAsBytes(request)
          : PROTOBUF.serializeRequest(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<byte[]> encode(Encoding encoding, List<Service.Request> requests) {
    return requests.stream().map(request -> encode(encoding, request)).toList();
  }

  /** What a stock client makes of an answer; it fails when the answer is none. */
  static Service.Response decode(Encoding encoding, byte[] answer) throws IOException {
    return encoding == Encoding.JSON
        ? JSON.readValue(answer, Service.Response.class)
        : PROTOBUF.parseResponse(answer);
  }

  /**
   * Mutates a request: as it is, or, in protobuf, inside of an envelope that is left whole, for
   * what breaks the envelope never gets further.
   */
  static byte[] mutate(Mutator mutator, Encoding encoding, List<byte[]> valid) {
    if (encoding == Encoding.JSON || mutator.chance(0.3)) {
      return mutator.mutate(valid);
    }
    try {
      List<byte[]> inner = new ArrayList<>();
      for (byte[] envelope : valid) {
        inner.add(WireMessage.parseFrom(envelope).getWrappedMessage().toByteArray());
      }
      WireMessage chosen = WireMessage.parseFrom(mutator.pick(valid));
      return chosen.toBuilder()
          .setWrappedMessage(ByteString.copyFrom(mutator.mutate(inner)))
          .build()
          .toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pieces that make a mutation go deeper than noise would. */
  static List<byte[]> words(Encoding encoding) {
    List<byte[]> words = new ArrayList<>();
    if (encoding == Encoding.JSON) {
      for (String text :
          List.of(
              "\"ROWS 10\"",
              "\"COUNT 1\"",
              "null",
              "[]",
              "{}",
              "[null]",
              "1e999999999",
              "-0.0",
              "99999999999999999999999999",
              "\"\\ud800\"",
              "\"\\u0000\"",
              "\"type\":\"ARRAY\",",
              "\"type\":\"BYTE_STRING\",",
              "\"connectionId\":\"" + CONNECTION + "\",",
              "\"statementId\":2,",
              "\"request\":\"execute\",",
              "[".repeat(5_000),
              "{\"a\":".repeat(3_000))) {
        words.add(Mutator.ascii(text));
      }
    } else {
      words.add(new byte[] {0x0a, 6, 'c', '0', 'f', 'f', 'e', 'e'});
      words.add(new byte[] {0x08, 0x02});
      words.add(new byte[] {0x10, 0x02});
      for (int field = 1; field < 8; field++) {
        words.add(
            Mutator.join(new byte[] {(byte) ((field << 3) | 2), 0x06}, Mutator.ascii("ROWS 9")));
        // A group that nobody ends, and one inside of another.
        byte[] groups = new byte[200];
        Arrays.fill(groups, (byte) ((field << 3) | 3));
        words.add(groups);
      }
    }
    return words;
  }
}
