package io.quorate.sql.exec;

import io.quorate.sql.catalog.ForeignKeyDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.ReferencedKey;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key between the rows of two tables, or of one: from the values of a row to the key that
 * they name, and from a key to where the rows lie that refer to it. Immutable.
 */
public final class ForeignKey {
  private final ForeignKeyDef definition;
  private final TableCodec child;
  private final TableCodec parent;
  private final TableDef.Key parentKey;
  private final TableDef.Key childKey;

  /**
   * @param child codec of the table whose rows refer
   * @param parent codec of the table that they refer to
   */
  public ForeignKey(ForeignKeyDef definition, TableCodec child, TableCodec parent) {
    this.definition = definition;
    this.child = child;
    this.parent = parent;
    this.parentKey = parent.definition().findUniqueKey(definition.referenced()).orElseThrow();
    this.childKey = child.definition().findKeyBeginningWith(definition.columns()).orElseThrow();
  }

  public ForeignKeyDef definition() {
    return definition;
  }

  public TableDef child() {
    return child.definition();
  }

  public TableDef parent() {
    return parent.definition();
  }

  /** The store table of the keys that are referred to. */
  int parentStore() {
    return parentKey.store();
  }

  /** How many of its columns are NULL in a row that refers, or would. */
  private int nulls(@Nullable Object[] row) {
    return (int) definition.columns().stream().filter(column -> row[column] == null).count();
  }

  /** The key that a row refers to; empty when a column is NULL, or no such key can be. */
  private Optional<RowKey> referenced(@Nullable Object[] row) {
    return key(
        parentKey.columns(),
        column -> row[definition.columns().get(definition.referenced().indexOf(column))],
        parent);
  }

  /** Whether an entry of the store is there. */
  public interface Standing {
    boolean stands(int store, RowKey key);
  }

  /**
   * Sees that a row refers to one that is there.
   *
   * @param row whose columns of this foreign key count
   * @return the key that it refers to; empty when it refers to none
   * @throws SqlFailure {@link State#FOREIGN_KEY_VIOLATION}
   */
  public Optional<RowKey> require(@Nullable Object[] row, Standing standing) {
    int nulls = nulls(row);
    if (nulls > 0) {
      if (definition.full() && nulls < definition.columns().size()) {
        throw new SqlFailure(
            State.FOREIGN_KEY_VIOLATION,
            refused("insert or update on", child())
                + ": MATCH FULL wants all or none of the columns NULL in "
                + ShownValues.of(child(), definition.columns(), i -> row[i]));
      }
      return Optional.empty();
    }
    Optional<RowKey> key = referenced(row);
    if (key.isEmpty() || !standing.stands(parentStore(), key.get())) {
      throw new SqlFailure(
          State.FOREIGN_KEY_VIOLATION,
          refused("insert or update on", child())
              + ": key "
              + ShownValues.of(child(), definition.columns(), i -> row[i])
              + " is not present in table "
              + ShownValues.name(parent()));
    }
    return key;
  }

  private String refused(String what, TableDef table) {
    return what
        + " table "
        + ShownValues.name(table)
        + " violates foreign key constraint \""
        + definition.name()
        + "\"";
  }

  /** Says that the key of a row goes to which others refer. */
  SqlFailure stillReferenced(@Nullable Object[] parentRow, boolean restrict) {
    return new SqlFailure(
        restrict ? State.RESTRICT_VIOLATION : State.FOREIGN_KEY_VIOLATION,
        refused("update or delete on", parent())
            + " of table "
            + ShownValues.name(child())
            + ": key "
            + ShownValues.of(parent(), definition.referenced(), i -> parentRow[i])
            + " is still referenced from table "
            + ShownValues.name(child()));
  }

  /** The key of a row that is referred to; empty when a column is NULL, so that nobody can. */
  Optional<RowKey> own(@Nullable Object[] parentRow) {
    return key(parentKey.columns(), column -> parentRow[column], parent);
  }

  private interface Values {
    @Nullable Object of(int column);
  }

  private Optional<RowKey> key(List<Integer> columns, Values values, TableCodec table) {
    @Nullable Object @Nullable [] fitting = fitting(columns, values, table.definition());
    return fitting == null
        ? Optional.empty()
        : Optional.of(codec(table, parentKey).encode(fitting));
  }

  /** The values as those columns have them; null when one of them cannot, or is NULL. */
  private static @Nullable Object @Nullable [] fitting(
      List<Integer> columns, Values values, TableDef table) {
    @Nullable Object[] fitting = new @Nullable Object[columns.size()];
    for (int i = 0; i < fitting.length; i++) {
      SqlType type = table.columns().get(columns.get(i)).type();
      KeyValue value = KeyValue.of(values.of(columns.get(i)), type);
      if (!value.isExact()) {
        return null;
      }
      fitting[i] = value.value();
    }
    return fitting;
  }

  private static KeyCodec codec(TableCodec table, TableDef.Key key) {
    return key.index() < 0 ? table.keys() : table.indexes().get(key.index()).columns();
  }

  /**
   * Where the rows that refer to a row have their entries, by the key that they are found by.
   *
   * @return empty when no row can refer to it
   */
  Optional<ReferencedKey.Range> referrers(@Nullable Object[] parentRow) {
    List<Integer> columns = childKey.columns().subList(0, definition.columns().size());
    @Nullable Object @Nullable [] fitting =
        fitting(
            columns,
            column -> parentRow[definition.referenced().get(definition.columns().indexOf(column))],
            child.definition());
    if (fitting == null) {
      return Optional.empty();
    }
    @Nullable Object[] padded = Arrays.copyOf(fitting, childKey.columns().size());
    byte[] prefix = codec(child, childKey).prefix(padded, fitting.length);
    return Optional.of(
        new ReferencedKey.Range(childKey.store(), RowKey.wrap(prefix), KeyCodec.after(prefix)));
  }

  /** The primary key of the row that an entry among the referrers is of. */
  RowKey referrer(ReadView.RowCursor entry) {
    return childKey.index() < 0
        ? entry.key()
        : child.indexes().get(childKey.index()).primaryKey(entry.key(), entry.row());
  }

  /** The row that an entry among the referrers is of. */
  Row referrerRow(ReadView.RowCursor entry, ReadView view) {
    if (childKey.index() < 0) {
      return entry.row();
    }
    return view.find(child.definition().id(), referrer(entry))
        .orElseThrow(
            () ->
                new SqlFailure(
                    State.INTERNAL_ERROR,
                    "index " + childKey.name() + " leads to a row that is not there"));
  }

  /** Whether a row that is referred to goes on being so by the same key. */
  boolean isSameKey(@Nullable Object[] parentBefore, @Nullable Object[] parentAfter) {
    return own(parentBefore).equals(own(parentAfter));
  }

  /** Whether a row refers to the same as before, or to nothing as before. */
  boolean refersAlike(@Nullable Object[] before, @Nullable Object[] after) {
    return nulls(before) == nulls(after) && referenced(before).equals(referenced(after));
  }
}
