package io.quorate.driver.wire;

import java.util.Map;

/**
 * The first message on a connection, behind the preamble; answered by {@link Welcome}, or by {@link
 * Challenge} where a password is asked for.
 */
public final class Hello extends Message {
  private final long features;
  private final String client;
  private final String user;
  private final byte[] authentication;
  private final Map<String, String> settings;

  /**
   * @param features bits of what the client can do beyond the first version; none is defined yet
   * @param client name and version of the client, for lists of sessions
   * @param authentication the client-first-message of SCRAM-SHA-256 in UTF-8; empty without a
   *     password
   * @param settings of the session, by name
   */
  public Hello(
      long features,
      String client,
      String user,
      byte[] authentication,
      Map<String, String> settings) {
    this.features = features;
    this.client = client;
    this.user = user;
    this.authentication = authentication.clone();
    this.settings = Settings.copy(settings);
  }

  @Override
  public FrameType type() {
    return FrameType.HELLO;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(features);
    writer.text(client);
    writer.text(user);
    writer.block(authentication);
    Settings.write(writer, settings);
  }

  static Hello read(WireReader reader) {
    return new Hello(
        reader.count(),
        reader.text(),
        reader.text(),
        Authenticate.readBytes(reader),
        Settings.read(reader));
  }

  public long features() {
    return features;
  }

  public String client() {
    return client;
  }

  public String user() {
    return user;
  }

  public byte[] authentication() {
    return authentication.clone();
  }

  public Map<String, String> settings() {
    return settings;
  }
}
