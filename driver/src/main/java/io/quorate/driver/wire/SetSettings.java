package io.quorate.driver.wire;

import java.util.Map;

/** Makes settings of the session; answered by {@link Done}. */
public final class SetSettings extends Message {
  private final Map<String, String> settings;

  public SetSettings(Map<String, String> settings) {
    this.settings = Settings.copy(settings);
  }

  @Override
  public FrameType type() {
    return FrameType.SET;
  }

  @Override
  void write(WireWriter writer) {
    Settings.write(writer, settings);
  }

  static SetSettings read(WireReader reader) {
    return new SetSettings(Settings.read(reader));
  }

  public Map<String, String> settings() {
    return settings;
  }
}
