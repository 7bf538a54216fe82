package io.quorate.driver.wire;

import java.util.Map;

/** Asks what a statement would return and take; answered by {@link Description}. */
public final class Describe extends Message {
  private final String sql;
  private final long readAfter;
  private final Map<String, String> settings;

  /**
   * @param readAfter the revision whose catalog is to be seen at least
   * @param settings as with {@link Execute}
   */
  public Describe(String sql, long readAfter, Map<String, String> settings) {
    this.sql = sql;
    this.readAfter = readAfter;
    this.settings = Settings.copy(settings);
  }

  @Override
  public FrameType type() {
    return FrameType.DESCRIBE;
  }

  @Override
  void write(WireWriter writer) {
    writer.text(sql);
    writer.varint(readAfter);
    Settings.write(writer, settings);
  }

  static Describe read(WireReader reader) {
    return new Describe(reader.text(), reader.count(), Settings.read(reader));
  }

  public String sql() {
    return sql;
  }

  public long readAfter() {
    return readAfter;
  }

  public Map<String, String> settings() {
    return settings;
  }
}
