package io.quorate.server.frontend.wire;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.ExecuteBatch;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireType;
import io.quorate.driver.wire.WriteStamp;
import io.quorate.server.lang.RequestId;
import io.quorate.server.session.Session;
import io.quorate.server.session.Staleness;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.Topology;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.store.Lob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions' records in the words of the protocol, and back. */
final class WireForms {
  private static final List<String> TOLD =
      List.of("autocommit", "read_only", "isolation", "schema");

  private static final Duration TIMEOUT_DEFAULT = Duration.ofMinutes(10);
  private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  private WireForms() {}

  static StatementRequest request(Execute execute) {
    return new StatementRequest(
        execute.sql(),
        values(execute.parameters()),
        identity(execute.stamp()),
        execute.readAfter(),
        WireCursors.firstRows(execute.firstRows()),
        execute.rowsMax(),
        timeout(execute.timeoutMillis()),
        execute.keys());
  }

  static StatementRequest request(ExecuteBatch batch) {
    return new StatementRequest(
        batch.sql(),
        List.of(),
        identity(batch.stamp()),
        batch.readAfter(),
        0,
        0,
        timeout(batch.timeoutMillis()),
        batch.keys());
  }

  /** Parameters as sessions take them. */
  static List<@Nullable Object> values(List<@Nullable Object> parameters) {
    for (Object value : parameters) {
      if (value instanceof LargeValue) {
        List<@Nullable Object> values = new ArrayList<>(parameters);
        values.replaceAll(each -> each instanceof LargeValue large ? lob(large) : each);
        return values;
      }
    }
    return parameters;
  }

  static List<List<@Nullable Object>> lists(ExecuteBatch batch) {
    return batch.parameters().stream().map(WireForms::values).toList();
  }

  private static Lob lob(LargeValue value) {
    if (value.isNamed()) {
      return Lob.stored(value.isText(), value.handle(), value.byteCount(), value.charCount());
    }
    return value.isText() ? Lob.ofText(value.unsafeBytes()) : Lob.ofBytes(value.unsafeBytes());
  }

  /** Rows with large values as they are sent. */
  static List<@Nullable Object[]> rows(List<@Nullable Object[]> rows) {
    List<@Nullable Object[]> sent = new ArrayList<>(rows.size());
    for (@Nullable Object[] row : rows) {
      @Nullable Object[] copy = row.clone();
      for (int i = 0; i < copy.length; i++) {
        if (copy[i] instanceof Lob lob) {
          copy[i] =
              lob.isStored()
                  ? LargeValue.named(lob.isText(), lob.id(), lob.byteCount(), lob.charCount())
                  : LargeValue.of(lob.isText(), lob.unsafeBytes());
        }
      }
      sent.add(copy);
    }
    return sent;
  }

  static Duration timeout(long millis) {
    if (millis <= 0) {
      return TIMEOUT_DEFAULT;
    }
    return millis > TIMEOUT_MAX.toMillis() ? TIMEOUT_MAX : Duration.ofMillis(millis);
  }

  /** The address of the leader, where asking it instead of this node may help; else empty. */
  static String leaderFor(ErrorCode code, Topology topology) {
    String leader = topology.leader().orElse("");
    return switch (code.retryAdvice()) {
      case SAFE, OTHER_NODE, SAME_REQUEST ->
          topology.members().stream()
              .filter(member -> member.name().equals(leader))
              .filter(member -> !member.name().equals(topology.self()))
              .map(Topology.Member::address)
              .findFirst()
              .orElse("");
      case NEVER, WHOLE_TRANSACTION -> "";
    };
  }

  static Signature signature(List<ResultColumn> columns) {
    return columns.isEmpty()
        ? Signature.NONE
        : new Signature(columns.stream().map(WireForms::column).toList());
  }

  private static WireColumn column(ResultColumn column) {
    if (column.type().name() != SqlType.Name.ARRAY) {
      return plainColumn(column);
    }
    SqlType innermost = column.type().elementType();
    while (innermost.name() == SqlType.Name.ARRAY) {
      innermost = innermost.elementType();
    }
    return plainColumn(column).ofElements(WireType.of(innermost.name().number()));
  }

  private static WireColumn plainColumn(ResultColumn column) {
    return new WireColumn(
        column.label(),
        WireType.of(column.type().name().number()),
        column.type().precision(),
        column.type().scale(),
        column.nullable(),
        column.schema(),
        column.table(),
        column.column());
  }

  static WireTopology topology(Topology topology) {
    return new WireTopology(
        topology.epoch(),
        topology.cluster(),
        topology.self(),
        topology.leader().orElse(""),
        topology.members().stream()
            .map(
                member ->
                    new WireTopology.Member(
                        member.name(),
                        member.address(),
                        role(member.role()),
                        member.zone(),
                        member.reachable()))
            .toList());
  }

  private static WireTopology.Role role(Topology.Role role) {
    return switch (role) {
      case VOTER -> WireTopology.Role.VOTER;
      case LEARNER -> WireTopology.Role.LEARNER;
      case WITNESS -> WireTopology.Role.WITNESS;
    };
  }

  /** The settings of which a client is told when a statement changes them. */
  static Map<String, String> settings(Session open) {
    Map<String, String> settings = new LinkedHashMap<>();
    TOLD.forEach(name -> settings.put(name, open.get(name)));
    return settings;
  }

  static Freshness freshness(Staleness staleness) {
    return new Freshness(staleness.revision(), staleness.millis(), staleness.quorate());
  }

  static WriteIdentity identity(WriteStamp stamp) {
    Optional<RequestId> request =
        stamp.present()
            ? Optional.of(new RequestId(stamp.client(), stamp.sequence()))
            : Optional.empty();
    return new WriteIdentity(request, stamp.base(), stamp.repeated());
  }
}
