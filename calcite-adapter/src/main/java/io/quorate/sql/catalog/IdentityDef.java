package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;

/**
 * How the values of an identity column are made: {@code start}, {@code start + increment}, and so
 * on to the end of the column's type. They are counted from 0, so that whoever reserves some needs
 * to know neither direction nor type.
 *
 * @param counter the store table that says how many values are reserved; {@link #NO_COUNTER} before
 *     the table is made
 * @param always whether no statement may give a value of its own
 */
public record IdentityDef(int counter, boolean always, long start, long increment) {
  static final int NO_COUNTER = 0;

  /** An identity column of a table that is to be made. */
  public static IdentityDef of(boolean always, long start, long increment) {
    return new IdentityDef(NO_COUNTER, always, start, increment);
  }

  IdentityDef at(int storeTable) {
    return new IdentityDef(storeTable, always, start, increment);
  }

  /** How many values there are; at most {@link Long#MAX_VALUE} are ever given. */
  public long total(SqlType type) {
    long end = increment > 0 ? SequenceOptions.max(type) : SequenceOptions.min(type);
    return SequenceGenerator.count(start, end, increment);
  }

  /** The value behind {@code before} others; exact wherever it is one of the type. */
  public long value(long before) {
    return start + before * increment;
  }

  /**
   * Checks it against its column.
   *
   * @throws SqlFailure when there can be no such column
   */
  void check(ColumnDef column) {
    String named = "identity column \"" + column.name() + "\"";
    if (column.defaultSql() != null) {
      throw new SqlFailure(State.SYNTAX_ERROR, named + " cannot have a DEFAULT too");
    }
    if (!mayBeOf(column.type().name())) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          named + " must be SMALLINT, INTEGER or BIGINT, not " + column.type());
    }
    if (increment == 0) {
      throw new SqlFailure(State.INVALID_PARAMETER, named + " cannot go on by 0");
    }
    if (start < SequenceOptions.min(column.type()) || start > SequenceOptions.max(column.type())) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          named + " cannot start with " + start + ", which is no " + column.type());
    }
  }

  /** Whether columns of the type may be identity columns. */
  public static boolean mayBeOf(SqlType.Name type) {
    return switch (type) {
      case SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }
}
