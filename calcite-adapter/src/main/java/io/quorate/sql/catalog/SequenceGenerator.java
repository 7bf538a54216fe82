package io.quorate.sql.catalog;

/**
 * What gives values in turn: a sequence, or the one inside an identity column. Its values are
 * counted from 0, so that whoever reserves some needs to know neither direction nor type.
 */
public interface SequenceGenerator {
  /** Leaves the number of values that are reserved at once to whoever reserves them. */
  long CACHE_OF_SYSTEM = 0;

  /** The store table that says how many values are reserved; see {@link ReservedCounts}. */
  int counter();

  /** How many values there are; at most {@link Long#MAX_VALUE} are ever given. */
  long total();

  /** The value behind {@code before} others. */
  long value(long before);

  /** How many values are reserved at once, or {@link #CACHE_OF_SYSTEM}. */
  long cache();

  /** What it is called in messages. */
  String described();

  /** How many steps of {@code increment} lead from one value to another and not beyond, and one. */
  static long count(long from, long to, long increment) {
    long way = increment > 0 ? to - from : from - to;
    // Both are less than two to the 64th: unsigned they are exact.
    long steps = Long.divideUnsigned(way, Math.abs(increment));
    return steps < 0 || steps == Long.MAX_VALUE ? Long.MAX_VALUE : steps + 1;
  }
}
