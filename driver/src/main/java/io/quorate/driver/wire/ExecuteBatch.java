package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs one statement once for each list of parameters; answered by {@link BatchResult}. */
public final class ExecuteBatch extends Message {
  private final String sql;
  private final List<List<@Nullable Object>> parameters;
  private final WriteStamp stamp;
  private final long readAfter;
  private final long timeoutMillis;
  private final Map<String, String> settings;
  private final KeysAsked keys;

  /** Parameters are as with {@link Execute}. */
  public ExecuteBatch(
      String sql,
      List<List<@Nullable Object>> parameters,
      WriteStamp stamp,
      long readAfter,
      long timeoutMillis,
      Map<String, String> settings) {
    this(sql, parameters, stamp, readAfter, timeoutMillis, settings, KeysAsked.NONE);
  }

  private ExecuteBatch(
      String sql,
      List<List<@Nullable Object>> parameters,
      WriteStamp stamp,
      long readAfter,
      long timeoutMillis,
      Map<String, String> settings,
      KeysAsked keys) {
    this.sql = sql;
    this.parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    this.stamp = stamp;
    this.readAfter = readAfter;
    this.timeoutMillis = timeoutMillis;
    this.settings = Settings.copy(settings);
    this.keys = keys;
  }

  /** The same, asking for keys of the rows that it puts. */
  public ExecuteBatch asking(KeysAsked wanted) {
    return new ExecuteBatch(sql, parameters, stamp, readAfter, timeoutMillis, settings, wanted);
  }

  @Override
  public FrameType type() {
    return FrameType.EXECUTE_BATCH;
  }

  @Override
  void write(WireWriter writer) {
    writer.text(sql);
    stamp.write(writer);
    writer.varint(readAfter);
    writer.varint(timeoutMillis);
    Settings.write(writer, settings);
    keys.write(writer);
    writer.varint(parameters.size());
    parameters.forEach(values -> WireValues.writeTyped(writer, values));
  }

  static ExecuteBatch read(WireReader reader) {
    String sql = reader.text();
    WriteStamp stamp = WriteStamp.read(reader);
    long readAfter = reader.count();
    long timeoutMillis = reader.count();
    Map<String, String> settings = Settings.read(reader);
    KeysAsked keys = KeysAsked.read(reader);
    int count = reader.items(WireLimits.FRAME_BYTES_MAX);
    List<List<@Nullable Object>> parameters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parameters.add(WireValues.readTyped(reader));
    }
    return new ExecuteBatch(sql, parameters, stamp, readAfter, timeoutMillis, settings, keys);
  }

  public String sql() {
    return sql;
  }

  public List<List<@Nullable Object>> parameters() {
    return parameters;
  }

  public WriteStamp stamp() {
    return stamp;
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

  public KeysAsked keys() {
    return keys;
  }
}
