package io.quorate.sql.exec;

import io.quorate.sql.store.RowKey;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;

/** The rows of a stored table that a join looks up. Immutable. */
public final class LookupSource implements ScanSource {
  private final LookupJoin join;
  private final TableSource all;
  private final AccessPath path;

  /**
   * A source for a join.
   *
   * @param all the rows that the join would otherwise go through; they are its conditions' too
   */
  public LookupSource(LookupJoin join, TableSource all) {
    this.join = join;
    this.all = all;
    this.path = join.key().path(all.path());
  }

  @Override
  public Enumerable<Object> scan(DataContext context) {
    StatementContext statement = (StatementContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        LookupJoin.Batch batch = statement.place(join).batch();
        return batch.isLast()
            ? all.scan(context).enumerator()
            : all.rows(() -> walk(statement, batch));
      }
    };
  }

  private StoredRows walk(StatementContext statement, LookupJoin.Batch batch) {
    List<RowKey> keys = batch.keys();
    boolean unique = join.key().isUnique();
    StoredRows rows =
        new StoredRows(
            path,
            statement.frame(path.table().rows()),
            keys.size(),
            unique ? keys : List.of(),
            unique ? List.of() : keys.stream().map(LookupKey::range).toList());
    batch.read(rows);
    return rows;
  }
}
