package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.time.DateTimeException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.jspecify.annotations.Nullable;

/** What Calcite throws, as failures of SQL: a state and one line. */
final class Failures {
  /** Calcite has no codes, so its messages are looked at; a test holds each of them. */
  private static final List<Kind> VALIDATION =
      List.of(
          kind("Object '.*' not found", State.TABLE_NOT_FOUND),
          kind("Table '.*' not found", State.TABLE_NOT_FOUND),
          kind("Column '.*' is ambiguous", State.AMBIGUOUS_COLUMN),
          kind("Column '.*' not found", State.COLUMN_NOT_FOUND),
          kind("Unknown target column", State.COLUMN_NOT_FOUND),
          kind("Unknown identifier", State.COLUMN_NOT_FOUND),
          kind("Target column '.*' is assigned more than once", State.DUPLICATE_COLUMN),
          kind("No match found for function signature", State.UNKNOWN_FUNCTION),
          kind("Invalid number of arguments to function", State.UNKNOWN_FUNCTION),
          kind("has no default value and does not allow NULLs", State.NOT_NULL_VIOLATION),
          kind("Cannot apply ", State.TYPE_MISMATCH),
          kind("Cannot assign ", State.TYPE_MISMATCH),
          kind("Cannot infer ", State.TYPE_MISMATCH),
          kind("Cast function cannot convert", State.TYPE_MISMATCH),
          kind("Illegal use of dynamic parameter", State.TYPE_MISMATCH),
          kind("must be a condition", State.TYPE_MISMATCH),
          kind("condition must be", State.TYPE_MISMATCH),
          kind("Values passed to .* must have compatible types", State.TYPE_MISMATCH),
          kind("Type mismatch", State.TYPE_MISMATCH),
          kind("Illegal .* literal", State.INVALID_DATETIME),
          kind("not supported", State.NOT_SUPPORTED));

  private static final List<Kind> RUNTIME =
      List.of(
          kind("by zero|Division undefined", State.DIVISION_BY_ZERO),
          kind("more than one value", State.CARDINALITY_VIOLATION),
          kind("negative substring length", State.SUBSTRING_ERROR),
          // Of the two parts of a recursive query.
          kind("failed to preserve datatypes", State.TYPE_MISMATCH),
          kind("[Oo]verflow|out of range|cannot be represented", State.NUMBER_OUT_OF_RANGE),
          kind("For input string|not a valid|Invalid|Cannot convert|cast", State.INVALID_TEXT));

  private static final Pattern NO_VALUE =
      Pattern.compile("Column '(.*)' has no default value and does not allow NULLs");

  /** What the compiler of generated code says of the bounds of a class. */
  private static final Pattern CODE_TOO_LARGE =
      Pattern.compile("grows beyond 64 KB|grown past JVM limit");

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern GENERATED_PREFIX =
      Pattern.compile("^(Exception )?[\\w.$]*(Exception|Error): ");

  /** How a JVM tells again why a class could not be initialized. */
  private static final Pattern THREAD_SUFFIX = Pattern.compile(" \\[in thread \".*\"\\]$");

  private static final int MESSAGE_MAX = 400;

  private Failures() {}

  private record Kind(Pattern pattern, State state) {}

  private static Kind kind(String pattern, State state) {
    return new Kind(Pattern.compile(pattern), state);
  }

  /** For what came out of validation or planning. */
  static SqlFailure planning(Throwable thrown) {
    String position = "";
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SqlFailure failure) {
        return failure;
      }
      if (cause instanceof StackOverflowError) {
        return new SqlFailure(State.LIMIT_EXCEEDED, "the statement is nested too deeply", thrown);
      }
      if (cause instanceof CalciteContextException context && context.getPosLine() > 0) {
        position = "line " + context.getPosLine() + ", column " + context.getPosColumn() + ": ";
      }
      boolean last = cause.getCause() == null;
      if (cause instanceof SqlValidatorException
          || (last && (cause instanceof CalciteException || !position.isEmpty()))) {
        String message = line(cause);
        return new SqlFailure(
            state(VALIDATION, message, State.SYNTAX_ERROR), position + message, thrown);
      }
      if (cause instanceof RelOptPlanner.CannotPlanException) {
        return new SqlFailure(State.NOT_SUPPORTED, "there is no plan for this statement", thrown);
      }
    }
    return thrown instanceof UnsupportedOperationException
        ? new SqlFailure(State.NOT_SUPPORTED, "not supported: " + line(thrown), thrown)
        : runtime(thrown, "planning");
  }

  /** As {@link #planning}, where a table is about to get rows: a missing value is a NULL. */
  static SqlFailure inserting(Throwable thrown, TableDef table) {
    SqlFailure failure = planning(thrown);
    Matcher column = NO_VALUE.matcher(String.valueOf(failure.getMessage()));
    return column.find()
        ? new SqlFailure(
            State.NOT_NULL_VIOLATION, Conversion.nullIn(table, column.group(1)), failure)
        : failure;
  }

  /** For what came out of generated code. */
  static SqlFailure running(Throwable thrown) {
    return runtime(thrown, "running");
  }

  private static SqlFailure runtime(Throwable thrown, String doing) {
    Throwable root = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SqlFailure failure) {
        return failure;
      }
      if (cause instanceof StackOverflowError) {
        return new SqlFailure(
            State.LIMIT_EXCEEDED, "a value or a pattern is nested too deeply", thrown);
      }
      root = cause;
    }
    String message = line(root);
    if (CODE_TOO_LARGE.matcher(message).find()) {
      return new SqlFailure(
          State.LIMIT_EXCEEDED,
          "the statement has too many expressions to be compiled; split it into several",
          thrown);
    }
    State state = state(RUNTIME, message, State.INTERNAL_ERROR);
    if (state == State.INTERNAL_ERROR) {
      if (root instanceof ArithmeticException) {
        state = State.NUMBER_OUT_OF_RANGE;
      } else if (root instanceof NumberFormatException) {
        state = State.INVALID_TEXT;
      } else if (root instanceof DateTimeException) {
        state = State.INVALID_DATETIME;
      } else if (root instanceof PatternSyntaxException) {
        state = State.INVALID_PARAMETER;
        message = "invalid regular expression: " + message;
      } else {
        return new SqlFailure(
            state,
            "error while "
                + doing
                + " the statement: "
                + root.getClass().getSimpleName()
                + " "
                + message,
            thrown);
      }
    }
    return new SqlFailure(
        state, state == State.DIVISION_BY_ZERO ? "division by zero" : message, thrown);
  }

  private static State state(List<Kind> kinds, String message, State otherwise) {
    for (Kind kind : kinds) {
      if (kind.pattern.matcher(message).find()) {
        return kind.state;
      }
    }
    return otherwise;
  }

  private static String line(@Nullable Throwable thrown) {
    String text = thrown == null ? "" : String.valueOf(thrown.getMessage());
    String flat = SPACE.matcher(text).replaceAll(" ").strip();
    flat = GENERATED_PREFIX.matcher(flat).replaceFirst("");
    flat = THREAD_SUFFIX.matcher(flat).replaceFirst("");
    return flat.length() <= MESSAGE_MAX ? flat : flat.substring(0, MESSAGE_MAX) + "…";
  }
}
