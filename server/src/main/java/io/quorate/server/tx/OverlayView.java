package io.quorate.server.tx;

import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A read view with a transaction's own writes on top, as they are when it is opened. Used by one
 * thread at a time.
 */
final class OverlayView implements ReadView {
  private final ReadView base;
  private final Map<Integer, WriteBuffer.Shown> own;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param base closed with this view
   * @param own the transaction's entries by table
   * @param onClose called once
   */
  OverlayView(ReadView base, Map<Integer, WriteBuffer.Shown> own, Runnable onClose) {
    this.base = base;
    this.own = own;
    this.onClose = onClose;
  }

  @Override
  public long revision() {
    return base.revision();
  }

  @Override
  public Optional<Row> find(int table, RowKey key) {
    WriteBuffer.Shown written = own.get(table);
    WriteBuffer.Entry entry = written == null ? null : written.entries().get(key);
    return entry == null ? base.find(table, key) : Optional.ofNullable(entry.value());
  }

  @Override
  public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
    return merged(base.scan(table, from, to), written(table, from, to));
  }

  @Override
  public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
    return merged(base.scanBackward(table, from, to), written(table, from, to).descendingMap());
  }

  private static RowCursor merged(RowCursor below, NavigableMap<RowKey, WriteBuffer.Entry> above) {
    return above.isEmpty() ? below : new Merged(below, above);
  }

  /** The transaction's entries of a range. */
  private NavigableMap<RowKey, WriteBuffer.Entry> written(
      int table, Optional<RowKey> from, Optional<RowKey> to) {
    WriteBuffer.Shown written = own.get(table);
    if (written == null
        || (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) >= 0)) {
      return Collections.emptyNavigableMap();
    }
    NavigableMap<RowKey, WriteBuffer.Entry> range = written.entries();
    if (from.isPresent()) {
      range = range.tailMap(from.get(), true);
    }
    return to.isPresent() ? range.headMap(to.get(), false) : range;
  }

  @Override
  public long rowCount(int table) {
    WriteBuffer.Shown written = own.get(table);
    return base.rowCount(table) + (written == null ? 0 : written.rowsMore());
  }

  @Override
  public RowCursor sample(int table, int count, RandomGenerator random) {
    return own.containsKey(table)
        ? ReadView.super.sample(table, count, random)
        : base.sample(table, count, random);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      onClose.run();
      base.close();
    }
  }

  /** Both in the order of the one above; where both have a key, the transaction's own counts. */
  private static final class Merged implements RowCursor {
    private final RowCursor below;
    private final Iterator<Map.Entry<RowKey, WriteBuffer.Entry>> above;
    private final Comparator<? super RowKey> keyOrder;
    private @Nullable RowKey belowKey;
    private Map.@Nullable Entry<RowKey, WriteBuffer.Entry> aboveNext;
    private boolean started;
    private boolean belowIsCurrent;
    private @Nullable RowKey key;
    private @Nullable Row row;

    Merged(RowCursor below, NavigableMap<RowKey, WriteBuffer.Entry> above) {
      this.below = below;
      this.above = above.entrySet().iterator();
      this.keyOrder = Objects.requireNonNullElse(above.comparator(), Comparator.naturalOrder());
    }

    @Override
    public boolean next() {
      if (!started) {
        started = true;
        moveBelow();
        moveAbove();
      } else if (belowIsCurrent) {
        moveBelow();
      }
      while (true) {
        RowKey fromBelow = belowKey;
        Map.Entry<RowKey, WriteBuffer.Entry> own = aboveNext;
        if (own == null) {
          return takeBelow(fromBelow);
        }
        int order = fromBelow == null ? 1 : keyOrder.compare(fromBelow, own.getKey());
        if (order < 0) {
          return takeBelow(fromBelow);
        }
        if (order == 0) {
          moveBelow();
        }
        moveAbove();
        Row value = own.getValue().value();
        if (value != null) {
          belowIsCurrent = false;
          key = own.getKey();
          row = value;
          return true;
        }
      }
    }

    private boolean takeBelow(@Nullable RowKey fromBelow) {
      belowIsCurrent = fromBelow != null;
      key = fromBelow;
      row = null;
      return belowIsCurrent;
    }

    private void moveBelow() {
      belowKey = below.next() ? below.key() : null;
    }

    private void moveAbove() {
      aboveNext = above.hasNext() ? above.next() : null;
    }

    @Override
    public RowKey key() {
      if (key == null) {
        throw new IllegalStateException("no row");
      }
      return key;
    }

    @Override
    public Row row() {
      if (belowIsCurrent) {
        return below.row();
      }
      if (row == null) {
        throw new IllegalStateException("no row");
      }
      return row;
    }
  }
}
