package io.quorate.server.tx;

import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A read view that a transaction and its open cursors hold together: it is closed when the last of
 * them lets go. Holding and letting go are thread-safe; reading is one thread's at a time.
 */
public final class SharedView {
  private final ReadView view;
  private final AtomicInteger holders = new AtomicInteger();

  public SharedView(ReadView view) {
    this.view = view;
  }

  /** One more hold on the view; closing it lets go. Only while another hold is there, or first. */
  public ReadView hold() {
    holders.incrementAndGet();
    return new Hold();
  }

  private final class Hold implements ReadView {
    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public long revision() {
      return view.revision();
    }

    @Override
    public Optional<Row> find(int table, RowKey key) {
      return view.find(table, key);
    }

    @Override
    public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
      return view.scan(table, from, to);
    }

    @Override
    public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
      return view.scanBackward(table, from, to);
    }

    @Override
    public long rowCount(int table) {
      return view.rowCount(table);
    }

    @Override
    public RowCursor sample(int table, int count, RandomGenerator random) {
      return view.sample(table, count, random);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true) && holders.decrementAndGet() == 0) {
        view.close();
      }
    }
  }
}
