package io.quorate.driver.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A column of a result, or, with only its type of interest, a parameter. Immutable. */
public final class WireColumn {
  private final String label;
  private final WireType type;
  private final @Nullable WireType element;
  private final int precision;
  private final int scale;
  private final boolean nullable;
  private final String schema;
  private final String table;
  private final String column;

  /**
   * @param precision as the SQL type has it; -1 without one
   * @param schema where the column comes from, as {@code table} and {@code column}; empty where it
   *     is computed
   */
  public WireColumn(
      String label,
      WireType type,
      int precision,
      int scale,
      boolean nullable,
      String schema,
      String table,
      String column) {
    this(label, type, null, precision, scale, nullable, schema, table, column);
  }

  private WireColumn(
      String label,
      WireType type,
      @Nullable WireType element,
      int precision,
      int scale,
      boolean nullable,
      String schema,
      String table,
      String column) {
    this.label = label;
    this.type = type;
    this.element = element;
    this.precision = precision;
    this.scale = scale;
    this.nullable = nullable;
    this.schema = schema;
    this.table = table;
    this.column = column;
  }

  public static WireColumn computed(String label, WireType type) {
    return new WireColumn(label, type, -1, 0, true, "", "", "");
  }

  /** The same column as one of arrays of this type; of arrays of arrays the innermost type. */
  public WireColumn ofElements(WireType innermost) {
    return new WireColumn(
        label, WireType.ARRAY, innermost, precision, scale, nullable, schema, table, column);
  }

  void write(WireWriter writer) {
    writer.text(label);
    writer.octet(type.number());
    if (type == WireType.ARRAY) {
      writer.octet(element().number());
    }
    writer.signed(precision);
    writer.signed(scale);
    writer.flag(nullable);
    writer.text(schema);
    writer.text(table);
    writer.text(column);
  }

  static WireColumn read(WireReader reader) {
    String label = reader.text();
    WireType type = WireType.of(reader.octet());
    WireType element = type == WireType.ARRAY ? WireType.of(reader.octet()) : null;
    return new WireColumn(
        label,
        type,
        element,
        reader.signedInt(),
        reader.signedInt(),
        reader.flag(),
        reader.text(),
        reader.text(),
        reader.text());
  }

  public String label() {
    return label;
  }

  public WireType type() {
    return type;
  }

  /** Of arrays the type of their elements, the innermost; NULL where it is not known. */
  public WireType element() {
    return element == null ? WireType.NULL : element;
  }

  public int precision() {
    return precision;
  }

  public int scale() {
    return scale;
  }

  public boolean nullable() {
    return nullable;
  }

  public String schema() {
    return schema;
  }

  public String table() {
    return table;
  }

  public String column() {
    return column;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof WireColumn)) {
      return false;
    }
    WireColumn that = (WireColumn) other;
    return label.equals(that.label)
        && type == that.type
        && element() == that.element()
        && precision == that.precision
        && scale == that.scale
        && nullable == that.nullable
        && schema.equals(that.schema)
        && table.equals(that.table)
        && column.equals(that.column);
  }

  @Override
  public int hashCode() {
    return Objects.hash(label, type, element(), precision, scale, nullable, schema, table, column);
  }

  @Override
  public String toString() {
    return label + " " + type;
  }
}
