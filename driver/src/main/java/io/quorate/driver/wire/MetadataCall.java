package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code java.sql.DatabaseMetaData}; answered by a {@link Result} with the columns that
 * JDBC names for it.
 */
public final class MetadataCall extends Message {
  private static final int ARGUMENTS_MAX = 16;

  /** The calls, each with the number that is sent. */
  public enum Call {
    CATALOGS(1),
    SCHEMAS(2),
    TABLES(3),
    TABLE_TYPES(4),
    COLUMNS(5),
    PRIMARY_KEYS(6),
    INDEX_INFO(7),
    TYPE_INFO(8),
    IMPORTED_KEYS(9),
    EXPORTED_KEYS(10),
    CROSS_REFERENCE(11);

    private final int number;

    Call(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  private final int number;
  private final List<@Nullable String> arguments;
  private final long readAfter;
  private final Map<String, String> settings;

  /**
   * @param number of the {@link Call}; a server refuses one it does not know
   * @param arguments the method's, as texts in order; null where the caller gave null; a list of
   *     table types is joined by commas
   * @param readAfter the revision whose catalog is to be seen at least
   * @param settings as with {@link Execute}
   */
  public MetadataCall(
      int number, List<@Nullable String> arguments, long readAfter, Map<String, String> settings) {
    this.number = number;
    this.arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    this.readAfter = readAfter;
    this.settings = Settings.copy(settings);
  }

  @Override
  public FrameType type() {
    return FrameType.METADATA;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(number);
    writer.varint(arguments.size());
    for (String argument : arguments) {
      writer.flag(argument != null);
      if (argument != null) {
        writer.text(argument);
      }
    }
    writer.varint(readAfter);
    Settings.write(writer, settings);
  }

  static MetadataCall read(WireReader reader) {
    int number = reader.intCount(Integer.MAX_VALUE);
    int count = reader.items(ARGUMENTS_MAX);
    List<@Nullable String> arguments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      arguments.add(reader.flag() ? reader.text() : null);
    }
    return new MetadataCall(number, arguments, reader.count(), Settings.read(reader));
  }

  public int number() {
    return number;
  }

  /** Empty when this version knows none of the number. */
  public Optional<Call> call() {
    return Arrays.stream(Call.values()).filter(call -> call.number == number).findFirst();
  }

  public List<@Nullable String> arguments() {
    return arguments;
  }

  public long readAfter() {
    return readAfter;
  }

  public Map<String, String> settings() {
    return settings;
  }
}
