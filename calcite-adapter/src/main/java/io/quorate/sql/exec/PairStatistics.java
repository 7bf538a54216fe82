package io.quorate.sql.exec;

import org.jspecify.annotations.Nullable;

/**
 * Covariances, correlation and linear regression of pairs of numbers (SQL:2016 part 2, 10.9), one
 * class for each aggregate as Calcite wants them: pairs with a NULL are not told of. Sums of
 * squares are kept about the means, by the updates of Youden and Cramer, so that nothing is lost
 * where values are large and close to each other; PostgreSQL does the same.
 */
public class PairStatistics {
  PairStatistics() {}

  /** What is known of the pairs so far. Confined to one group. */
  public static final class Sums {
    private double count;
    private double x;
    private double y;

    /** Of squares and products of the distances from the means. */
    private double xx;

    private double yy;
    private double xy;
  }

  public static Sums init() {
    return new Sums();
  }

  /** As in SQL the dependent variable comes first. */
  public static Sums add(Sums sums, double y, double x) {
    sums.count++;
    sums.x += x;
    sums.y += y;
    if (sums.count > 1) {
      double scale = 1 / (sums.count * (sums.count - 1));
      double distanceX = x * sums.count - sums.x;
      double distanceY = y * sums.count - sums.y;
      sums.xx += distanceX * distanceX * scale;
      sums.yy += distanceY * distanceY * scale;
      sums.xy += distanceX * distanceY * scale;
    } else if (!Double.isFinite(x) || !Double.isFinite(y)) {
      // No distance from such a mean is a number.
      sums.xx = Double.isFinite(x) ? 0 : Double.NaN;
      sums.yy = Double.isFinite(y) ? 0 : Double.NaN;
      sums.xy = Double.NaN;
    }
    return sums;
  }

  /** COVAR_POP. */
  public static final class PopulationCovariance extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 ? null : (Double) (sums.xy / sums.count);
    }
  }

  /** COVAR_SAMP. */
  public static final class SampleCovariance extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 2 ? null : (Double) (sums.xy / (sums.count - 1));
    }
  }

  /** REGR_SXX. */
  public static final class SquaresOfX extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 ? null : (Double) sums.xx;
    }
  }

  /** REGR_SYY. */
  public static final class SquaresOfY extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 ? null : (Double) sums.yy;
    }
  }

  /** REGR_SXY. */
  public static final class Products extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 ? null : (Double) sums.xy;
    }
  }

  /** REGR_AVGX. */
  public static final class MeanOfX extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 ? null : (Double) (sums.x / sums.count);
    }
  }

  /** REGR_AVGY. */
  public static final class MeanOfY extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 ? null : (Double) (sums.y / sums.count);
    }
  }

  /** CORR: NULL where one of the two does not vary. */
  public static final class Correlation extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      if (sums.count < 1 || sums.xx == 0 || sums.yy == 0) {
        return null;
      }
      double correlation = sums.xy / (Math.sqrt(sums.xx) * Math.sqrt(sums.yy));
      return Double.isNaN(correlation) ? correlation : Math.max(-1, Math.min(1, correlation));
    }
  }

  /** REGR_SLOPE: NULL where x does not vary. */
  public static final class Slope extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 || sums.xx == 0 ? null : (Double) (sums.xy / sums.xx);
    }
  }

  /** REGR_INTERCEPT. */
  public static final class Intercept extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      return sums.count < 1 || sums.xx == 0
          ? null
          : (Double) ((sums.y - sums.x * sums.xy / sums.xx) / sums.count);
    }
  }

  /** REGR_R2: 1 where all points are on a horizontal line. */
  public static final class Determination extends PairStatistics {
    public static @Nullable Double result(Sums sums) {
      if (sums.count < 1 || sums.xx == 0) {
        return null;
      }
      return sums.yy == 0 ? 1 : (sums.xy / sums.xx) * (sums.xy / sums.yy);
    }
  }
}
