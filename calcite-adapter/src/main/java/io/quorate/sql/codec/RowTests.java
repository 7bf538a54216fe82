package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowFilter;
import org.jspecify.annotations.Nullable;

/** Conditions on single columns, all of which a row must satisfy. Immutable. */
final class RowTests implements RowFilter {
  private final Test[] tests;

  RowTests(Test[] tests) {
    this.tests = tests;
  }

  @Override
  public boolean keeps(Row row) {
    byte[] bytes = row.unsafeBytes();
    for (Test test : tests) {
      if (!test.holds(bytes)) {
        return false;
      }
    }
    return true;
  }

  /** One condition, on the slot of a row that is its column's. */
  static final class Test {
    private final int slot;
    private final boolean isNull;
    private final boolean isNotNull;
    private final boolean whereMissing;
    private final Comparison[] comparisons;
    private final ValueOrder[] orders;

    /**
     * @param missing the column's value in rows that end before it; null for NULL
     */
    Test(ColumnCondition<Object> condition, SqlType type, int slot, byte @Nullable [] missing) {
      this.slot = slot;
      this.isNull = condition.isNull();
      this.isNotNull = condition.isNotNull();
      this.comparisons = new Comparison[condition.comparisons().size()];
      this.orders = new ValueOrder[comparisons.length];
      for (int i = 0; i < orders.length; i++) {
        ColumnCondition.Compared<Object> compared = condition.comparisons().get(i);
        comparisons[i] = compared.comparison();
        orders[i] = ValueOrder.against(type, compared.value());
      }
      this.whereMissing = missing == null ? isNull : holds(missing, 0, missing.length);
    }

    boolean holds(byte[] row) {
      long place = RowCodec.place(row, slot);
      if (place >= 0) {
        return holds(row, (int) (place >>> Integer.SIZE), (int) place);
      }
      return place == RowCodec.NULL ? isNull : whereMissing;
    }

    private boolean holds(byte[] bytes, int from, int count) {
      if (isNotNull) {
        return true;
      }
      for (int i = 0; i < orders.length; i++) {
        if (comparisons[i].holds(orders[i].of(bytes, from, count))) {
          return true;
        }
      }
      return false;
    }
  }
}
