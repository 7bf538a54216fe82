package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of values that come in order (SQL:2016 part 2, 10.9, inverse distribution functions;
 * PostgreSQL for the mode), one class for each as Calcite wants them: rows with a NULL are not told
 * of. What a group has is kept until its result is asked for; who places them meters its rows.
 */
public final class OrderedSets {
  private static final int NUMBERS_FIRST = 16;

  private OrderedSets() {}

  /** Refuses a fraction that is none. */
  public static double checked(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new SqlFailure(
          State.NUMBER_OUT_OF_RANGE, "percentile value " + fraction + " is not between 0 and 1");
    }
    return fraction;
  }

  /** PERCENTILE_CONT: between the two values that are nearest. */
  public static final class Continuous {
    private Continuous() {}

    /** The numbers so far. Confined to one group. */
    public static final class Numbers {
      private double fraction;
      private double[] values = new double[NUMBERS_FIRST];
      private int count;
    }

    public static Numbers init() {
      return new Numbers();
    }

    public static Numbers add(Numbers numbers, double fraction, double value) {
      numbers.fraction = checked(fraction);
      if (numbers.count == numbers.values.length) {
        numbers.values = Arrays.copyOf(numbers.values, numbers.count * 2);
      }
      numbers.values[numbers.count++] = value;
      return numbers;
    }

    public static @Nullable Double result(Numbers numbers) {
      if (numbers.count == 0) {
        return null;
      }
      double place = numbers.fraction * (numbers.count - 1);
      int below = (int) place;
      double value = numbers.values[below];
      return place == below ? value : value + (place - below) * (numbers.values[below + 1] - value);
    }
  }

  /** PERCENTILE_DISC: the first value that so many are not behind. */
  public static final class Discrete {
    private Discrete() {}

    /** The values so far. Confined to one group. */
    public static final class Listed {
      private double fraction;
      private final List<Object> values = new ArrayList<>();
    }

    public static Listed init() {
      return new Listed();
    }

    public static Listed add(Listed listed, double fraction, Object value) {
      listed.fraction = checked(fraction);
      listed.values.add(value);
      return listed;
    }

    public static @Nullable Object result(Listed listed) {
      int count = listed.values.size();
      return count == 0
          ? null
          : listed.values.get(Math.max((int) Math.ceil(listed.fraction * count), 1) - 1);
    }
  }

  /** MODE: the first of the values that come most often. */
  public static final class Mode {
    private Mode() {}

    /** What is known so far; equal values come one after the other. Confined to one group. */
    public static final class Runs {
      private @Nullable Object value;
      private long length;
      private @Nullable Object best;
      private long bestLength;
    }

    public static Runs init() {
      return new Runs();
    }

    public static Runs add(Runs runs, Object value) {
      runs.length = runs.value != null && isSame(runs.value, value) ? runs.length + 1 : 1;
      runs.value = value;
      if (runs.length > runs.bestLength) {
        runs.bestLength = runs.length;
        runs.best = value;
      }
      return runs;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // both are of one type
    private static boolean isSame(Object left, Object right) {
      return left instanceof Comparable comparable
          ? comparable.compareTo(right) == 0
          : left.equals(right);
    }

    public static @Nullable Object result(Runs runs) {
      return runs.best;
    }
  }
}
