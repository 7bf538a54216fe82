package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.tx.SequenceCounter.Reservation;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SequenceCounterTest {
  private static final int STORE = 40;

  private final Keys store = new Keys();

  private static ColumnDef column(SqlType.Name type, long start, long increment) {
    return new ColumnDef(
        "ID", SqlType.of(type), false, null, new IdentityDef(STORE, true, start, increment));
  }

  private SequenceCounter counter(ColumnDef column) {
    return new SequenceCounter(column.generator(), store);
  }

  private static RowKey key(long count) {
    return RowKey.wrap(ByteBuffer.allocate(8).putLong(count).array());
  }

  private void apply(Optional<Reservation> made) {
    Reservation reservation = made.orElseThrow();
    store.keys.add(reservation.key());
    store.keys.removeAll(reservation.outdated());
  }

  /** A store of keys in one table. */
  private static final class Keys implements ReadView {
    final TreeSet<RowKey> keys = new TreeSet<>();

    @Override
    public long revision() {
      return 0;
    }

    @Override
    public Optional<Row> find(int table, RowKey key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
      assertThat(table).isEqualTo(STORE);
      Iterator<RowKey> rest = keys.iterator();
      return new RowCursor() {
        private RowKey key = SequenceCounterTest.key(0);

        @Override
        public boolean next() {
          boolean more = rest.hasNext();
          key = more ? rest.next() : key;
          return more;
        }

        @Override
        public RowKey key() {
          return key;
        }

        @Override
        public Row row() {
          return Reservation.VALUE;
        }
      };
    }

    @Override
    public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long rowCount(int table) {
      return keys.size();
    }

    @Override
    public void close() {}
  }

  @Test
  void a_block_is_reserved_until_the_store_shows_it() {
    SequenceCounter counter = counter(column(SqlType.Name.BIGINT, 1, 1));
    assertThat(counter.take()).isZero();
    assertThat(counter.take()).isEqualTo(1);
    Optional<Reservation> first = counter.reservation(1, store);
    assertThat(first).contains(new Reservation(STORE, key(1000), List.of()));
    assertThat(counter.reservation(2, store)).isEqualTo(first);
    apply(first);
    assertThat(counter.isConfirmed(1)).isFalse();
    assertThat(counter.reservation(2, store)).isEmpty();
    assertThat(counter.isConfirmed(1000)).isTrue();
    for (int i = 2; i < 1001; i++) {
      counter.take();
    }
    assertThat(counter.reservation(1000, store)).isEmpty();
    assertThat(counter.reservation(1001, store))
        .contains(new Reservation(STORE, key(2000), List.of(key(1000))));
  }

  @Test
  void the_bytes_of_a_reservation_never_change() {
    SequenceCounter counter = counter(column(SqlType.Name.INTEGER, 5, -1));
    counter.take();
    Reservation reservation = counter.reservation(1, store).orElseThrow();
    assertThat(reservation.key()).hasToString("00000000000003e8");
    assertThat(Reservation.VALUE.unsafeBytes()).isEmpty();
  }

  @Test
  void the_next_leadership_begins_behind_what_was_reserved_in_whatever_order_it_came() {
    SequenceCounter counter = counter(column(SqlType.Name.BIGINT, 10, 10));
    counter.take();
    Optional<Reservation> first = counter.reservation(1, store);
    for (int i = 1; i < 1001; i++) {
      counter.take();
    }
    Optional<Reservation> second = counter.reservation(1001, store);
    apply(second);
    apply(first);

    SequenceCounter next = counter(column(SqlType.Name.BIGINT, 10, 10));
    long before = next.take();
    assertThat(before).isEqualTo(2000);
    assertThat(next.value(before)).isEqualTo(20_010);
    Reservation third = next.reservation(2001, store).orElseThrow();
    assertThat(third.outdated()).containsExactly(key(1000), key(2000));
  }

  @Test
  void a_leadership_loses_little_of_a_small_range() {
    SequenceCounter counter = counter(column(SqlType.Name.SMALLINT, 1, 1));
    counter.take();
    assertThat(counter.reservation(1, store).map(Reservation::key)).contains(key(31));
    SequenceCounter few = counter(column(SqlType.Name.SMALLINT, 1, 100));
    few.take();
    assertThat(few.reservation(1, store).map(Reservation::key)).contains(key(1));
  }

  @Test
  void behind_the_last_value_there_is_none_whoever_leads() {
    ColumnDef column = column(SqlType.Name.BIGINT, Long.MAX_VALUE - 4, 2);
    List<Long> values = new ArrayList<>();
    SequenceCounter counter = counter(column);
    for (int i = 0; i < 3; i++) {
      long before = counter.take();
      values.add(counter.value(before));
      apply(counter.reservation(before + 1, store));
    }
    assertThat(values).containsExactly(Long.MAX_VALUE - 4, Long.MAX_VALUE - 2, Long.MAX_VALUE);
    assertExhausted(counter);
    assertExhausted(counter(column));
  }

  private static void assertExhausted(SequenceCounter counter) {
    assertThatThrownBy(() -> counter.take())
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).isEqualTo(SqlFailure.State.SEQUENCE_EXHAUSTED));
  }
}
