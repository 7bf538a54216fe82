package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The first columns of a table's primary key or of an index, as far as they are equal to fields of
 * other rows. Immutable.
 *
 * @param index empty for the primary key
 * @param parts of each of the first columns, what it is equal to; one at least
 */
public record LookupKey(TableCodec table, Optional<IndexCodec> index, List<Part> parts) {

  public LookupKey {
    parts = List.copyOf(parts);
  }

  /**
   * What a column is equal to.
   *
   * @param field ordinal in the other rows
   * @param type of that field
   */
  public record Part(int field, SqlType type) {}

  private List<Integer> ordinals() {
    return index.isPresent() ? index.get().definition().columns() : table.definition().primaryKey();
  }

  private KeyCodec codec() {
    return index.isPresent() ? index.get().columns() : table.keys();
  }

  private SqlType type(int column) {
    return table.definition().columns().get(ordinals().get(column)).type();
  }

  /** Whether a key has one row at most: every column of a unique key is given. */
  public boolean isUnique() {
    return parts.size() == ordinals().size()
        && (index.isEmpty() || index.get().definition().unique());
  }

  /** To the rows, whatever their key, that the conditions of another path keep. */
  AccessPath path(AccessPath conditions) {
    return new AccessPath(table, index, List.of(), List.of(), false, conditions.conditions());
  }

  /**
   * The keys of some rows, each once and in ascending order; none for a row that can be equal to
   * nothing.
   *
   * @param rows in internal form: an array each, or the value itself where there is one field
   */
  List<RowKey> keys(List<Object> rows) {
    List<RowKey> keys = new ArrayList<>(rows.size());
    @Nullable Object[] values = new @Nullable Object[parts.size()];
    for (Object row : rows) {
      if (fill(values, row)) {
        keys.add(RowKey.wrap(codec().prefix(values, values.length)));
      }
    }
    keys.sort(null);
    List<RowKey> distinct = new ArrayList<>(keys.size());
    for (RowKey key : keys) {
      if (distinct.isEmpty() || !distinct.get(distinct.size() - 1).equals(key)) {
        distinct.add(key);
      }
    }
    return distinct;
  }

  private boolean fill(@Nullable Object[] values, @Nullable Object row) {
    for (int i = 0; i < values.length; i++) {
      Part part = parts.get(i);
      Object field = row instanceof @Nullable Object[] fields ? fields[part.field] : row;
      KeyValue value = KeyValue.of(compared(field, part.type, type(i)), type(i));
      if (!value.isExact()) {
        return false;
      }
      values[i] = value.value();
    }
    return true;
  }

  /** As a column of the type has it; of a DECIMAL no digit is rounded away. */
  private static @Nullable Object compared(@Nullable Object field, SqlType type, SqlType column) {
    return switch (type.name()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> field;
      case CHAR, VARCHAR ->
          // Blanks at the end of a CHAR count for nothing, and stored ones have none.
          field instanceof String text && column.name() == SqlType.Name.CHAR
              ? Conversion.stripBlanks(text, 0)
              : field;
      default -> Values.fromInternal(type, field);
    };
  }

  /** The rows whose keys begin with {@code key}. */
  static AccessPath.Range range(RowKey key) {
    return new AccessPath.Range(Optional.of(key), Optional.of(KeyCodec.after(key.unsafeBytes())));
  }

  /** For EXPLAIN: what is looked up, and by which columns of it. */
  public String describe() {
    String name =
        index.isPresent()
            ? "index " + index.get().definition().name()
            : "primary key " + table.definition().primaryKeyName();
    String columns =
        IntStream.range(0, parts.size())
            .mapToObj(i -> table.definition().columns().get(ordinals().get(i)).name())
            .collect(Collectors.joining(", "));
    return "lookups by " + name + " (" + columns + ")";
  }
}
