package io.quorate.sql.store;

/** Which rows of a scan are wanted, told from their bytes. Immutable. */
@FunctionalInterface
public interface RowFilter {
  /** Every row. */
  RowFilter ALL = row -> true;

  boolean keeps(Row row);
}
