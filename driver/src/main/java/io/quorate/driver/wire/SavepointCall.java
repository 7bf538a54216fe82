package io.quorate.driver.wire;

import java.util.Map;

/** A savepoint of the open transaction, or of the one that begins with it; answered by DONE. */
public final class SavepointCall extends Message {

  /** What is done, each with the number that is sent. */
  public enum Step {
    /** Makes a savepoint; one of the same name is hidden until this one is gone. */
    SET(1),
    /** Forgets the savepoint and those behind it; what was done stays. */
    RELEASE(2),
    /** Undoes what was done behind the savepoint, which stays. */
    ROLLBACK_TO(3);

    private final int number;

    Step(int number) {
      this.number = number;
    }

    static Step of(int number) {
      for (Step step : values()) {
        if (step.number == number) {
          return step;
        }
      }
      throw new ProtocolException("nothing is done to a savepoint by the number " + number);
    }
  }

  private final Step step;
  private final String name;
  private final long readAfter;
  private final long timeoutMillis;
  private final Map<String, String> settings;

  /**
   * @param readAfter the revision that a transaction which begins with it must show at least
   * @param timeoutMillis 0 for the default of the server
   * @param settings as with {@link Execute}
   */
  public SavepointCall(
      Step step, String name, long readAfter, long timeoutMillis, Map<String, String> settings) {
    this.step = step;
    this.name = name;
    this.readAfter = readAfter;
    this.timeoutMillis = timeoutMillis;
    this.settings = Settings.copy(settings);
  }

  @Override
  public FrameType type() {
    return FrameType.SAVEPOINT;
  }

  @Override
  void write(WireWriter writer) {
    writer.octet(step.number);
    writer.text(name);
    writer.varint(readAfter);
    writer.varint(timeoutMillis);
    Settings.write(writer, settings);
  }

  static SavepointCall read(WireReader reader) {
    return new SavepointCall(
        Step.of(reader.octet()),
        reader.text(),
        reader.count(),
        reader.count(),
        Settings.read(reader));
  }

  public Step step() {
    return step;
  }

  public String name() {
    return name;
  }

  public long readAfter() {
    return readAfter;
  }

  public long timeoutMillis() {
    return timeoutMillis;
  }

  public Map<String, String> settings() {
    return settings;
  }
}
