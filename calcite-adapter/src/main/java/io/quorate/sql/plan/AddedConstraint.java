package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CheckDef;
import io.quorate.sql.catalog.ForeignKeyDef;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ForeignKey;
import io.quorate.sql.exec.RowChecks;
import io.quorate.sql.store.StoreChange;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What ALTER TABLE ADD does before the new catalog is there: it holds the rows that are there
 * against the constraint, and makes the entries that it needs. All rows are looked at before
 * anything is written.
 */
final class AddedConstraint {
  private final ExecutionContext context;
  private final TableDef before;
  private final TableDef after;

  private AddedConstraint(ExecutionContext context, TableDef before, TableDef after) {
    this.context = context;
    this.before = before;
    this.after = after;
  }

  /**
   * The entries, batch by batch; nothing is looked at before the first is asked for.
   *
   * @param change ADD or DROP CONSTRAINT
   * @param table as it will be
   */
  static Iterator<List<StoreChange>> of(
      TableChange.OfConstraint change, ExecutionContext context, Catalog after, TableDef table) {
    TableDef before = context.catalog().find(table.schema(), table.name()).orElseThrow();
    AddedConstraint added = new AddedConstraint(context, before, table);
    if (change instanceof TableChange.AddKey add) {
      return add.key().primary()
          ? new TableCopy(context, before, table)
          : new IndexFill(context, table);
    }
    if (change instanceof TableChange.AddCheck) {
      return new Checked(added::checkCondition, Collections.emptyIterator());
    }
    if (change instanceof TableChange.AddForeignKey) {
      return new Checked(() -> added.checkReferences(after), added.newIndex());
    }
    return Collections.emptyIterator();
  }

  /** Looks at the rows first. */
  private static final class Checked implements Iterator<List<StoreChange>> {
    private final Iterator<List<StoreChange>> entries;
    private @Nullable Runnable check;

    Checked(Runnable check, Iterator<List<StoreChange>> entries) {
      this.check = check;
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      Runnable due = check;
      if (due != null) {
        due.run();
        check = null;
      }
      return entries.hasNext();
    }

    @Override
    public List<StoreChange> next() {
      return entries.next();
    }
  }

  private void checkCondition() {
    List<CheckDef> checks = after.checks();
    RowChecks added =
        compiled(after, checks.get(checks.size() - 1)).in(context, new TableCodec(after));
    TableRows rows = new TableRows(context, after.id());
    while (rows.next()) {
      added.check(rows.row());
    }
  }

  /** One check of a table, by a catalog of this table alone. */
  private static Checks compiled(TableDef table, CheckDef check) {
    TableDef alone =
        new TableDef(
            table.id(),
            table.schema(),
            table.name(),
            table.columns(),
            table.primaryKey(),
            table.primaryKeyName(),
            List.of(),
            List.of(check));
    Catalog catalog =
        new Catalog(
            0,
            table.id() + 1,
            new TreeSet<>(List.of(table.schema())),
            new TreeMap<>(Map.of(table.schema(), new TreeMap<>(Map.of(table.name(), alone)))));
    return Checks.of(alone, new Schemas(catalog, any -> 0, List.of()));
  }

  private void checkReferences(Catalog catalog) {
    List<ForeignKeyDef> keys = after.foreignKeys();
    ForeignKeyDef added = keys.get(keys.size() - 1);
    TableCodec codec = new TableCodec(after);
    TableCodec parent = new TableCodec(catalog.find(added.table()).orElseThrow());
    ForeignKey key = new ForeignKey(added, codec, parent);
    TableRows rows = new TableRows(context, after.id());
    while (rows.next()) {
      @Nullable Object[] values = new @Nullable Object[after.columns().size()];
      for (int column : added.columns()) {
        values[column] = codec.rows().value(rows.row(), column);
      }
      var unused =
          key.require(
              values, (store, referenced) -> context.view().find(store, referenced).isPresent());
    }
  }

  private Iterator<List<StoreChange>> newIndex() {
    return after.indexes().size() == before.indexes().size()
        ? Collections.emptyIterator()
        : new IndexFill(context, after);
  }
}
