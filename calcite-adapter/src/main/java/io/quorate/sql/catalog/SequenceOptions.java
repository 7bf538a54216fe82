package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a sequence are made.
 *
 * @param cycle whether the first comes again behind the last
 * @param cache how many values are set aside at once; {@link SequenceGenerator#CACHE_OF_SYSTEM}
 */
public record SequenceOptions(
    SqlType type, long start, long increment, long min, long max, boolean cycle, long cache) {
  /** What a leader that ends may lose; more would be no faster. */
  public static final long CACHE_MAX = 1_000_000;

  /** What a statement says of a sequence. */
  public enum Word {
    START,
    INCREMENT,
    /** Without a value: as if it had not been said at CREATE. */
    MINVALUE,
    /** As {@link #MINVALUE}. */
    MAXVALUE,
    /** 0 or 1. */
    CYCLE,
    CACHE,
    /** Of ALTER; without a value: with that of START. */
    RESTART
  }

  /**
   * What a statement says, nothing twice.
   *
   * @param type null where it does not say
   */
  public record Said(@Nullable SqlType type, Map<Word, Optional<Long>> words) {
    public Said {
      words = Map.copyOf(words);
    }

    public boolean says(Word word) {
      return words.containsKey(word);
    }

    Optional<Long> value(Word word) {
      return words.getOrDefault(word, Optional.empty());
    }
  }

  /**
   * Of CREATE SEQUENCE.
   *
   * @throws SqlFailure when there can be no such sequence
   */
  static SequenceOptions of(String name, Said said) {
    SqlType type = said.type() == null ? SqlType.of(SqlType.Name.BIGINT) : said.type();
    long increment = said.value(Word.INCREMENT).orElse(1L);
    long min = said.value(Word.MINVALUE).orElse(increment > 0 ? 1 : min(type));
    long max = said.value(Word.MAXVALUE).orElse(increment > 0 ? max(type) : -1);
    return new SequenceOptions(
            type,
            said.value(Word.START).orElse(increment > 0 ? min : max),
            increment,
            min,
            max,
            said.value(Word.CYCLE).orElse(0L) != 0,
            said.value(Word.CACHE).orElse(SequenceGenerator.CACHE_OF_SYSTEM))
        .checked(name);
  }

  /** With what ALTER SEQUENCE says; a bound that was its type's is the new type's. */
  SequenceOptions with(String name, Said said) {
    SqlType newType = said.type() == null ? type : said.type();
    long by = said.value(Word.INCREMENT).orElse(increment);
    long low = min == min(type) ? min(newType) : min;
    long high = max == max(type) ? max(newType) : max;
    if (said.says(Word.MINVALUE)) {
      low = said.value(Word.MINVALUE).orElse(by > 0 ? 1 : min(newType));
    }
    if (said.says(Word.MAXVALUE)) {
      high = said.value(Word.MAXVALUE).orElse(by > 0 ? max(newType) : -1);
    }
    return new SequenceOptions(
            newType,
            said.value(Word.START).orElse(start),
            by,
            low,
            high,
            said.value(Word.CYCLE).map(value -> value != 0).orElse(cycle),
            said.value(Word.CACHE).orElse(cache))
        .checked(name);
  }

  private SequenceOptions checked(String name) {
    if (!IdentityDef.mayBeOf(type.name())) {
      throw refused(name, "must be AS SMALLINT, INTEGER or BIGINT, not " + type);
    }
    if (increment == 0) {
      throw refused(name, "cannot go on by 0");
    }
    if (min < min(type) || max > max(type)) {
      throw refused(name, "cannot have values from " + min + " to " + max + ", not all " + type);
    }
    if (min >= max) {
      throw refused(name, "needs a MINVALUE, " + min + ", below its MAXVALUE, " + max);
    }
    requireInside(name, "START WITH", start);
    if (cache < 0 || cache > CACHE_MAX) {
      throw refused(name, "cannot have CACHE " + cache + "; 1 to " + CACHE_MAX + " may be cached");
    }
    return this;
  }

  void requireInside(String name, String what, long value) {
    if (value < min || value > max) {
      throw refused(
          name, "cannot " + what + " " + value + ", which is not from " + min + " to " + max);
    }
  }

  static SqlFailure refused(String name, String why) {
    return new SqlFailure(State.INVALID_PARAMETER, "sequence \"" + name + "\" " + why);
  }

  static long max(SqlType type) {
    return switch (type.name()) {
      case SMALLINT -> Short.MAX_VALUE;
      case INTEGER -> Integer.MAX_VALUE;
      default -> Long.MAX_VALUE;
    };
  }

  static long min(SqlType type) {
    return -max(type) - 1;
  }
}
