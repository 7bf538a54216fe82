package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.ForeignKeyDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ForeignKey;
import io.quorate.sql.exec.RowChecks;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about the rows that are there when the definition of their table changes: they
 * are written to the table's new place if it has one; else they are held against what is newly said
 * of them, and then the indexes that are new are filled. Pure.
 */
final class RowPreparation {
  private RowPreparation() {}

  /**
   * The entries to be written before the definition changes, whose columns have their names.
   *
   * @param made the catalog that has {@code after}
   * @throws SqlFailure when a CHECK cannot be of the table as it will be
   */
  static Iterator<List<StoreChange>> of(
      ExecutionContext context, TableDef before, TableDef after, Catalog made) {
    if (before.hasHiddenKey() && !after.hasHiddenKey()) {
      return new TableCopy(context, before, after);
    }
    if (before.id() != after.id()) {
      return new TableRewrite(context, before, after, NewChecks.of(after, made));
    }
    List<Iterator<List<StoreChange>>> all = new ArrayList<>();
    boolean checked = !before.checks().containsAll(after.checks());
    if (checked || (hasOtherTypes(before, after) && !after.checks().isEmpty())) {
      Checks checks = NewChecks.of(after, made);
      all.add(new RowValidation(context, after, checks.in(context, new TableCodec(after))));
    }
    List<Integer> required = newlyRequired(before, after);
    if (!required.isEmpty()) {
      all.add(new RowValidation(context, after, notNull(after, required)));
    }
    for (ForeignKeyDef key : after.foreignKeys()) {
      if (!before.hasConstraint(key.name())) {
        all.add(new RowValidation(context, after, references(context, key, after, made)));
      }
    }
    Set<Integer> filled = new HashSet<>();
    before.indexes().forEach(index -> filled.add(index.id()));
    for (IndexDef index : after.indexes()) {
      if (!filled.contains(index.id())) {
        all.add(new IndexFill(context, after, index));
      }
    }
    return new InTurn(all);
  }

  private static boolean hasOtherTypes(TableDef before, TableDef after) {
    return after.columns().stream()
        .anyMatch(
            column -> {
              OptionalInt old = before.findColumn(column.name());
              return old.isPresent()
                  && !before.columns().get(old.getAsInt()).type().equals(column.type());
            });
  }

  /** The columns that could be NULL and cannot any more. */
  private static List<Integer> newlyRequired(TableDef before, TableDef after) {
    List<Integer> required = new ArrayList<>();
    for (int i = 0; i < after.columns().size(); i++) {
      ColumnDef column = after.columns().get(i);
      OptionalInt old = before.findColumn(column.name());
      if (!column.nullable()
          && old.isPresent()
          && before.columns().get(old.getAsInt()).nullable()) {
        required.add(i);
      }
    }
    return required;
  }

  private static RowChecks references(
      ExecutionContext context, ForeignKeyDef definition, TableDef table, Catalog made) {
    TableCodec codec = new TableCodec(table);
    TableDef parent = made.find(definition.table()).orElseThrow();
    ForeignKey key = new ForeignKey(definition, codec, new TableCodec(parent));
    return row -> {
      @Nullable Object[] values = new @Nullable Object[table.columns().size()];
      for (int column : definition.columns()) {
        values[column] = codec.rows().value(row, column);
      }
      var unused =
          key.require(
              values, (store, referenced) -> context.view().find(store, referenced).isPresent());
    };
  }

  private static RowChecks notNull(TableDef table, List<Integer> columns) {
    RowCodec codec = RowCodec.of(table);
    return row -> {
      for (int column : columns) {
        if (codec.value(row, column) == null) {
          throw new SqlFailure(
              State.NOT_NULL_VIOLATION,
              Conversion.nullIn(table, table.columns().get(column).name())
                  + ", which rows have that are there; UPDATE them first");
        }
      }
    };
  }
}
