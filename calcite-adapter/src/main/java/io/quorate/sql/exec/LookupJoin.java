package io.quorate.sql.exec;

import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.linq4j.function.Function0;
import org.jspecify.annotations.Nullable;

/**
 * Joins rows, batch by batch, with those of another side that have their keys: the join of each
 * batch is one of generated code, whose other side reads by {@link LookupSource} what the batch's
 * keys lead to and no more. So the keys only spare rows; what matches, the join tells.
 *
 * <p>Once the lookups have cost more than reading all of the other side would, the rest of the rows
 * is joined with all of it at once: whatever was thought of their number, it takes twice the time
 * of that at most, but for one batch.
 *
 * <p>Generated code calls it. Immutable; what is under way is kept with the statement.
 */
public final class LookupJoin {
  /**
   * What a lookup costs, in rows that are scanned: the way from a root of the store down to one of
   * a million rows takes some 4.5 µs in sorted batches, a scanned row of which three columns are
   * read 0.2 µs.
   */
  public static final double KEY_COST = 20;

  /** What a row costs that an index leads to: it is looked up in turn, a little closer to hand. */
  public static final double INDEX_ROW_COST = 15;

  /** Of the first batch: who wants one row shall not wait for a thousand lookups. */
  private static final int ROWS_FIRST = 16;

  private static final int ROWS_GROWTH = 4;
  private static final int ROWS_MAX = 1024;

  /** Of the rows of a batch; they are kept until it has been joined. */
  private static final int BYTES_MAX = 1 << 20;

  private final LookupKey key;
  private final double scanCost;
  private final double batchCost;

  /**
   * A join by a key.
   *
   * @param scanCost what it would cost to read all of the other side, in rows that are scanned, for
   *     each row of the table that is looked up in
   * @param batchCost of what the join of each batch runs besides, in rows that are scanned
   */
  public LookupJoin(LookupKey key, double scanCost, double batchCost) {
    this.key = key;
    this.scanCost = scanCost;
    this.batchCost = batchCost;
  }

  /** How many batches so many rows make. */
  public static double batches(double rows) {
    double batches = 0;
    double left = rows;
    for (double size = ROWS_FIRST; left > 0; size *= ROWS_GROWTH) {
      if (size >= ROWS_MAX) {
        return batches + Math.ceil(left / ROWS_MAX);
      }
      left -= size;
      batches++;
    }
    return batches;
  }

  public LookupKey key() {
    return key;
  }

  /** What the join of one batch reads. One thread's own. */
  static final class Batch {
    private final Enumerable<Object> rows;
    private final List<RowKey> keys;
    private final boolean last;
    private final List<StoredRows> read = new ArrayList<>();
    private long bytes;

    private Batch(Enumerable<Object> rows, List<RowKey> keys, boolean last) {
      this.rows = rows;
      this.keys = keys;
      this.last = last;
    }

    /** Of the rows; in ascending order. */
    List<RowKey> keys() {
      return keys;
    }

    /** Whether these are all the rows that are left, to be joined with all of the other side. */
    boolean isLast() {
      return last;
    }

    /** Has what is read for it counted. */
    void read(StoredRows found) {
      read.add(found);
    }

    private double cost(double rowCost) {
      long found = read.stream().mapToLong(StoredRows::readCount).sum();
      return KEY_COST * keys.size() + rowCost * found;
    }
  }

  /** Where the batch lies that is being joined. One thread's own. */
  static final class Place {
    private @Nullable Batch batch;

    Batch batch() {
      Batch current = batch;
      if (current == null) {
        throw new IllegalStateException("no rows are being looked up");
      }
      return current;
    }
  }

  /** What the join of a batch reads on this side. */
  public Enumerable<Object> batch(DataContext context) {
    Place place = ((StatementContext) context).place(this);
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return place.batch().rows.enumerator();
      }
    };
  }

  /**
   * The joined rows, in the order of this side's where the join of a batch keeps that.
   *
   * @param join makes the join anew for each batch: some of it is computed when it is made
   */
  public Enumerable<Object> rows(
      DataContext context, Enumerable<Object> rows, Function0<Enumerable<Object>> join) {
    StatementContext statement = (StatementContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return new Joined(statement, rows.enumerator(), join);
      }
    };
  }

  private final class Joined implements Enumerator<Object> {
    private final StatementContext statement;
    private final Enumerator<Object> rows;
    private final Function0<Enumerable<Object>> join;
    private final Place place;
    private final double costMax;
    private int size = ROWS_FIRST;
    private double cost;
    private boolean ended;
    private @Nullable Batch batch;
    private @Nullable Enumerator<Object> joined;

    Joined(
        StatementContext statement, Enumerator<Object> rows, Function0<Enumerable<Object>> join) {
      this.statement = statement;
      this.rows = rows;
      this.join = join;
      this.place = statement.place(LookupJoin.this);
      this.costMax =
          scanCost * statement.execution().view().rowCount(key.table().definition().id());
    }

    @Override
    public boolean moveNext() {
      while (true) {
        Batch current = batch;
        if (current == null) {
          if (ended) {
            return false;
          }
          current = next();
          if (current == null) {
            return false;
          }
          batch = current;
        }
        if (move(current)) {
          return true;
        }
        end(current);
      }
    }

    /** The next rows; null when there are none. */
    private @Nullable Batch next() {
      statement.execution().cancel().check();
      if (cost > costMax) {
        ended = true;
        return new Batch(new Rest(rows), List.of(), true);
      }
      List<Object> some = new ArrayList<>(size);
      long bytes = 0;
      while (some.size() < size && bytes < BYTES_MAX && !ended) {
        if (rows.moveNext()) {
          Object row = rows.current();
          some.add(row);
          bytes += MemoryMeter.size(row);
        } else {
          ended = true;
        }
      }
      if (some.isEmpty()) {
        return null;
      }
      size = Math.min(size * ROWS_GROWTH, ROWS_MAX);
      Batch next = new Batch(Linq4j.asEnumerable(some), key.keys(some), false);
      statement.meter().add(bytes);
      next.bytes = bytes;
      return next;
    }

    /** Whatever is kept meanwhile is kept for the batch, for its rows are here already. */
    private boolean move(Batch current) {
      Batch before = place.batch;
      long held = statement.meter().held();
      place.batch = current;
      try {
        Enumerator<Object> from = joined;
        if (from == null) {
          from = join.apply().enumerator();
          joined = from;
        }
        return from.moveNext();
      } finally {
        place.batch = before;
        current.bytes += statement.meter().held() - held;
      }
    }

    private void end(Batch done) {
      Enumerator<Object> from = joined;
      if (from != null) {
        from.close();
      }
      joined = null;
      batch = null;
      if (!done.last) {
        statement.meter().release(done.bytes);
      }
      cost += batchCost + done.cost(key.index().isPresent() ? INDEX_ROW_COST : 1);
    }

    @Override
    @SuppressWarnings("NullAway") // a single column may be NULL
    public Object current() {
      return joined.current();
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      Batch current = batch;
      if (current != null) {
        end(current);
      }
      ended = true;
      rows.close();
    }
  }

  /** What is left of some rows; to be gone through once. */
  private static final class Rest extends AbstractEnumerable<Object> {
    private final Enumerator<Object> rows;

    Rest(Enumerator<Object> rows) {
      this.rows = rows;
    }

    @Override
    public Enumerator<Object> enumerator() {
      return rows;
    }
  }
}
