package io.quorate.sql.exec;

import org.jspecify.annotations.Nullable;

/** An expression whose value is known when it is planned. */
public record Constant(@Nullable Object value) implements Expression {
  @Override
  public @Nullable Object evaluate(Frame frame) {
    return value;
  }
}
