package io.quorate.sql.catalog;

/**
 * The fields that an interval type counts in (SQL:2016 part 2, 10.1). Immutable.
 *
 * @param last the same as {@code first} where there is one only
 * @param fraction digits behind the point of SECOND, 0 where that is not the last field
 */
public record IntervalFields(Field first, Field last, int fraction) {
  /** The fields, each less than those before. */
  public enum Field {
    YEAR(0),
    MONTH(1),
    DAY(2),
    HOUR(3),
    MINUTE(4),
    SECOND(5);

    private final int number;

    Field(int number) {
      this.number = number;
    }

    /** The number that is stored and sent. */
    public int number() {
      return number;
    }
  }

  /**
   * As many digits as the first field can have, and has where nothing is said: the standard's two
   * would refuse a hundred days.
   */
  public static final int DIGITS_MAX = 10;

  /** Digits of a fraction of a second where nothing is said. */
  public static final int FRACTION = 6;

  /** As many digits as a fraction of a second can have. */
  public static final int FRACTION_MAX = 9;

  public static final IntervalFields YEAR_TO_MONTH = new IntervalFields(Field.YEAR, Field.MONTH, 0);
  public static final IntervalFields DAY_TO_SECOND =
      new IntervalFields(Field.DAY, Field.SECOND, FRACTION_MAX);

  private static final int BITS = 4;
  private static final int MASK = (1 << BITS) - 1;
  private static final Field[] FIELDS = Field.values();

  public IntervalFields {
    boolean months = last.compareTo(Field.MONTH) <= 0;
    if (first.compareTo(last) > 0
        || months != first.compareTo(Field.MONTH) <= 0
        || fraction < 0
        || fraction > FRACTION_MAX
        || (fraction > 0 && last != Field.SECOND)) {
      throw new IllegalArgumentException("no interval is " + first + " TO " + last);
    }
  }

  /** Those of a type, which keeps them as its scale; all of its kind where that is 0. */
  static IntervalFields of(SqlType type) {
    int packed = type.scale();
    if (packed == 0) {
      return type.name() == SqlType.Name.INTERVAL_YEAR_MONTH ? YEAR_TO_MONTH : DAY_TO_SECOND;
    }
    return new IntervalFields(
        FIELDS[(packed >> (2 * BITS)) & MASK], FIELDS[(packed >> BITS) & MASK], packed & MASK);
  }

  /** The type of intervals of these fields, the first of which has so many digits. */
  public SqlType type(int digits) {
    int packed =
        (1 << (3 * BITS)) | (first.number() << (2 * BITS)) | (last.number() << BITS) | fraction;
    return new SqlType(
        isMonths() ? SqlType.Name.INTERVAL_YEAR_MONTH : SqlType.Name.INTERVAL_DAY_TIME,
        digits,
        packed);
  }

  /** Whether they are years or months, and not parts of a time. */
  public boolean isMonths() {
    return last.compareTo(Field.MONTH) <= 0;
  }

  public boolean isOne() {
    return first == last;
  }

  /** As INFORMATION_SCHEMA has them: {@code DAY TO SECOND}. */
  @Override
  public String toString() {
    return isOne() ? first.name() : first + " TO " + last;
  }

  /** As they are written with their digits: {@code DAY(2) TO SECOND(6)}. */
  String toString(int digits) {
    String leading = digits == SqlType.UNBOUNDED ? "" : Integer.toString(digits);
    if (first == Field.SECOND) {
      return leading.isEmpty() ? "SECOND" : "SECOND(" + leading + ", " + fraction + ")";
    }
    String text = leading.isEmpty() ? first.name() : first + "(" + leading + ")";
    if (isOne()) {
      return text;
    }
    return text + " TO " + last + (last == Field.SECOND ? "(" + fraction + ")" : "");
  }
}
