package io.quorate.driver.wire;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every answer says beside its content. Immutable. */
public final class SessionState {
  /** No revision, no transaction. */
  public static final SessionState NOTHING = SessionState.of(0, false, Freshness.UNKNOWN);

  private static final int IN_TRANSACTION = 1;
  private static final int WITH_TOPOLOGY = 2;
  private static final int WITH_SETTINGS = 4;

  private final long revision;
  private final boolean inTransaction;
  private final Freshness freshness;
  private final @Nullable WireTopology topology;
  private final Map<String, String> settings;

  /**
   * @param revision the highest that the session has seen or made; later reads ask for it
   * @param inTransaction whether a transaction is open after the request
   * @param freshness of the rows that come with the answer, or of the node
   * @param topology when its epoch is another than in the last answer on this connection, else null
   * @param settings those of the session that the request itself changed, as SQL's SET does; not
   *     those that came with it
   */
  public SessionState(
      long revision,
      boolean inTransaction,
      Freshness freshness,
      @Nullable WireTopology topology,
      Map<String, String> settings) {
    this.revision = revision;
    this.inTransaction = inTransaction;
    this.freshness = freshness;
    this.topology = topology;
    this.settings = Settings.copy(settings);
  }

  public static SessionState of(long revision, boolean inTransaction, Freshness freshness) {
    return new SessionState(revision, inTransaction, freshness, null, Map.of());
  }

  void write(WireWriter writer) {
    writer.octet(
        (inTransaction ? IN_TRANSACTION : 0)
            | (topology == null ? 0 : WITH_TOPOLOGY)
            | (settings.isEmpty() ? 0 : WITH_SETTINGS));
    writer.varint(revision);
    freshness.write(writer);
    if (topology != null) {
      topology.write(writer);
    }
    if (!settings.isEmpty()) {
      Settings.write(writer, settings);
    }
  }

  static SessionState read(WireReader reader) {
    int flags = reader.octet();
    if (flags > (IN_TRANSACTION | WITH_TOPOLOGY | WITH_SETTINGS)) {
      throw new ProtocolException("unknown flags of a state: " + flags);
    }
    return new SessionState(
        reader.count(),
        (flags & IN_TRANSACTION) != 0,
        Freshness.read(reader),
        (flags & WITH_TOPOLOGY) == 0 ? null : WireTopology.read(reader),
        (flags & WITH_SETTINGS) == 0 ? Map.of() : Settings.read(reader));
  }

  public long revision() {
    return revision;
  }

  public boolean inTransaction() {
    return inTransaction;
  }

  public Freshness freshness() {
    return freshness;
  }

  public Optional<WireTopology> topology() {
    return Optional.ofNullable(topology);
  }

  public Map<String, String> settings() {
    return settings;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof SessionState)) {
      return false;
    }
    SessionState that = (SessionState) other;
    return revision == that.revision
        && inTransaction == that.inTransaction
        && freshness.equals(that.freshness)
        && Objects.equals(topology, that.topology)
        && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return Objects.hash(revision, inTransaction, freshness, topology, settings);
  }
}
