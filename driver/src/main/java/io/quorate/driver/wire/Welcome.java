package io.quorate.driver.wire;

import java.util.Map;

/** The session is open. */
public final class Welcome extends Message {
  private final int protocolVersion;
  private final long features;
  private final String serverVersion;
  private final String node;
  private final String cluster;
  private final String sessionId;
  private final byte[] verification;
  private final Map<String, String> settings;
  private final SessionState state;

  /**
   * @param sessionId drawn at random; who knows it may cancel
   * @param verification the server-final-message of SCRAM-SHA-256 in UTF-8; empty where no password
   *     was asked for
   * @param settings of the session as it begins: at least autocommit, read_only, isolation and
   *     schema
   * @param state with the topology, and with a revision that this node has applied: the base of the
   *     first write, so 0 would let the server forget it too early
   */
  public Welcome(
      int protocolVersion,
      long features,
      String serverVersion,
      String node,
      String cluster,
      String sessionId,
      byte[] verification,
      Map<String, String> settings,
      SessionState state) {
    this.protocolVersion = protocolVersion;
    this.features = features;
    this.serverVersion = serverVersion;
    this.node = node;
    this.cluster = cluster;
    this.sessionId = sessionId;
    this.verification = verification.clone();
    this.settings = Settings.copy(settings);
    this.state = state;
  }

  @Override
  public FrameType type() {
    return FrameType.WELCOME;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(protocolVersion);
    writer.varint(features);
    writer.text(serverVersion);
    writer.text(node);
    writer.text(cluster);
    writer.text(sessionId);
    writer.block(verification);
    Settings.write(writer, settings);
    state.write(writer);
  }

  static Welcome read(WireReader reader) {
    return new Welcome(
        reader.intCount(Integer.MAX_VALUE),
        reader.count(),
        reader.text(),
        reader.text(),
        reader.text(),
        reader.text(),
        Authenticate.readBytes(reader),
        Settings.read(reader),
        SessionState.read(reader));
  }

  public int protocolVersion() {
    return protocolVersion;
  }

  public long features() {
    return features;
  }

  public String serverVersion() {
    return serverVersion;
  }

  public String node() {
    return node;
  }

  public String cluster() {
    return cluster;
  }

  public String sessionId() {
    return sessionId;
  }

  public byte[] verification() {
    return verification.clone();
  }

  public Map<String, String> settings() {
    return settings;
  }

  @Override
  public SessionState state() {
    return state;
  }
}
