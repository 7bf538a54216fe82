package io.quorate.sql.parse;

import io.quorate.sql.catalog.SequenceOptions.Said;
import io.quorate.sql.catalog.SequenceOptions.Word;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The words behind CREATE and ALTER SEQUENCE, gathered as the parser meets them. */
final class SequenceWords {
  private final Map<Word, Optional<Long>> words = new EnumMap<>(Word.class);
  private @Nullable SqlType type;

  void type(SqlDataTypeSpec spec) {
    if (type != null) {
      throw twice("AS", spec.getParserPosition());
    }
    type = DataTypes.of(spec);
  }

  void number(Word word, SqlLiteral number) {
    try {
      BigDecimal value = Objects.requireNonNull(number.getValueAs(BigDecimal.class));
      put(word, Optional.of(value.longValueExact()), number.getParserPosition());
    } catch (ArithmeticException e) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          SyntaxErrors.at(number.getParserPosition()) + number + " is not a BIGINT",
          e);
    }
  }

  /** At least one value is set aside at once. */
  void cache(SqlLiteral number) {
    number(Word.CACHE, number);
    if (words.getOrDefault(Word.CACHE, Optional.empty()).orElse(0L) < 1) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          SyntaxErrors.at(number.getParserPosition()) + "CACHE " + number + " is less than 1");
    }
  }

  void cycle(boolean cycle, SqlParserPos position) {
    put(Word.CYCLE, Optional.of(cycle ? 1L : 0L), position);
  }

  void bare(Word word, SqlParserPos position) {
    put(word, Optional.empty(), position);
  }

  private void put(Word word, Optional<Long> value, SqlParserPos position) {
    if (words.put(word, value) != null) {
      throw twice(word.name(), position);
    }
  }

  private static SqlFailure twice(String word, SqlParserPos position) {
    return new SqlFailure(State.SYNTAX_ERROR, SyntaxErrors.at(position) + word + " is given twice");
  }

  Said said() {
    return new Said(type, words);
  }
}
