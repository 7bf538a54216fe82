package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs one statement; answered by {@link Result}. */
public final class Execute extends Message {
  private final String sql;
  private final List<@Nullable Object> parameters;
  private final WriteStamp stamp;
  private final long readAfter;
  private final int firstRows;
  private final long rowsMax;
  private final long timeoutMillis;
  private final long knownSignature;
  private final Map<String, String> settings;
  private final KeysAsked keys;

  /**
   * @param parameters of the classes that {@link WireType} names; null for NULL
   * @param readAfter the revision that a read must show at least
   * @param firstRows rows to come with the answer, at most; 0 for as many as the server likes
   * @param rowsMax rows of the whole result; 0 for all
   * @param timeoutMillis of the whole statement; 0 for the default of the server
   * @param knownSignature hash of the columns that the client expects; 0 for none
   * @param settings that changed since the last request, to be made before the statement
   */
  public Execute(
      String sql,
      List<@Nullable Object> parameters,
      WriteStamp stamp,
      long readAfter,
      int firstRows,
      long rowsMax,
      long timeoutMillis,
      long knownSignature,
      Map<String, String> settings) {
    this(
        sql,
        parameters,
        stamp,
        readAfter,
        firstRows,
        rowsMax,
        timeoutMillis,
        knownSignature,
        settings,
        KeysAsked.NONE);
  }

  private Execute(
      String sql,
      List<@Nullable Object> parameters,
      WriteStamp stamp,
      long readAfter,
      int firstRows,
      long rowsMax,
      long timeoutMillis,
      long knownSignature,
      Map<String, String> settings,
      KeysAsked keys) {
    this.sql = sql;
    this.parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    this.stamp = stamp;
    this.readAfter = readAfter;
    this.firstRows = firstRows;
    this.rowsMax = rowsMax;
    this.timeoutMillis = timeoutMillis;
    this.knownSignature = knownSignature;
    this.settings = Settings.copy(settings);
    this.keys = keys;
  }

  /** The same, asking for keys of the rows that it puts. */
  public Execute asking(KeysAsked wanted) {
    return new Execute(
        sql,
        parameters,
        stamp,
        readAfter,
        firstRows,
        rowsMax,
        timeoutMillis,
        knownSignature,
        settings,
        wanted);
  }

  @Override
  public FrameType type() {
    return FrameType.EXECUTE;
  }

  @Override
  void write(WireWriter writer) {
    writer.text(sql);
    WireValues.writeTyped(writer, parameters);
    stamp.write(writer);
    writer.varint(readAfter);
    writer.varint(firstRows);
    writer.varint(rowsMax);
    writer.varint(timeoutMillis);
    writer.fixedLong(knownSignature);
    Settings.write(writer, settings);
    keys.write(writer);
  }

  static Execute read(WireReader reader) {
    return new Execute(
        reader.text(),
        WireValues.readTyped(reader),
        WriteStamp.read(reader),
        reader.count(),
        reader.intCount(Integer.MAX_VALUE),
        reader.count(),
        reader.count(),
        reader.fixedLong(),
        Settings.read(reader),
        KeysAsked.read(reader));
  }

  public String sql() {
    return sql;
  }

  public List<@Nullable Object> parameters() {
    return parameters;
  }

  public WriteStamp stamp() {
    return stamp;
  }

  public long readAfter() {
    return readAfter;
  }

  public int firstRows() {
    return firstRows;
  }

  public long rowsMax() {
    return rowsMax;
  }

  public long timeoutMillis() {
    return timeoutMillis;
  }

  public long knownSignature() {
    return knownSignature;
  }

  public Map<String, String> settings() {
    return settings;
  }

  public KeysAsked keys() {
    return keys;
  }
}
