package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a result, and a hash of them by which the client tells the server which it knows
 * already. Immutable; worth keeping beside a plan, for the hash is computed once.
 */
public final class Signature {
  /** No columns: the hash that knows nothing. */
  public static final Signature NONE = new Signature(Collections.emptyList());

  private final List<WireColumn> columns;
  private final WireType[] types;
  private final long hash;
  private final boolean largeValues;

  public Signature(List<WireColumn> columns) {
    this.columns = Collections.unmodifiableList(new ArrayList<>(columns));
    this.types = new WireType[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = columns.get(i).type();
    }
    this.largeValues =
        columns.stream().anyMatch(c -> c.type() == WireType.BLOB || c.type() == WireType.CLOB);
    this.hash = columns.isEmpty() ? 0 : hashOf(columns);
  }

  /** FNV-1a of what is sent, never 0. */
  private static long hashOf(List<WireColumn> columns) {
    WireWriter writer = new WireWriter();
    columns.forEach(column -> column.write(writer));
    byte[] bytes = writer.array();
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < writer.length(); i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
    }
    return hash == 0 ? 1 : hash;
  }

  void write(WireWriter writer) {
    if (types.length > WireLimits.COLUMNS_MAX) {
      throw new ProtocolException(types.length + " columns are above the bound");
    }
    writer.varint(types.length);
    columns.forEach(column -> column.write(writer));
  }

  static Signature read(WireReader reader) {
    int count = reader.items(WireLimits.COLUMNS_MAX);
    List<WireColumn> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      columns.add(WireColumn.read(reader));
    }
    return new Signature(columns);
  }

  public List<WireColumn> columns() {
    return columns;
  }

  /** Of the columns with all that is sent of them; 0 only without columns. */
  public long hash() {
    return hash;
  }

  /** Whether a column is of a type whose values may be named instead of sent. */
  public boolean hasLargeValues() {
    return largeValues;
  }

  public int size() {
    return types.length;
  }

  public WireType type(int index) {
    return types[index];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Signature && columns.equals(((Signature) other).columns);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }

  @Override
  public String toString() {
    return columns.toString();
  }
}
