package io.quorate.sql.exec;

import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.store.Row;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expressions see: the statement, its parameters and the row it is at. One thread's own. */
public final class Frame {
  private static final Row NO_ROW = Row.wrap(new byte[] {1, 0, 0});

  private final ExecutionContext context;
  private final List<@Nullable Object> parameters;
  private final RowCodec codec;
  private Row row = NO_ROW;

  /** A row that is not one of the store; null while {@link #row} is meant. */
  private @Nullable Object @Nullable [] values;

  /** Most statements have no long list. */
  private @Nullable Map<ValueList, ValueSet> sets;

  /**
   * @param parameters converted to the types that the plan has for them
   */
  public Frame(ExecutionContext context, List<@Nullable Object> parameters, RowCodec codec) {
    this.context = context;
    this.parameters = parameters;
    this.codec = codec;
  }

  public ExecutionContext context() {
    return context;
  }

  public void moveTo(Row next) {
    row = next;
  }

  /** To a row that is not one of the store; its columns are the values. */
  public void moveTo(@Nullable Object[] next) {
    values = next;
  }

  public @Nullable Object column(int ordinal) {
    @Nullable Object[] given = values;
    return given == null ? codec.value(row, ordinal) : given[ordinal];
  }

  public @Nullable Object parameter(int ordinal) {
    return parameters.get(ordinal);
  }

  /** The values of a list, evaluated once. */
  public ValueSet set(ValueList list) {
    if (sets == null) {
      sets = new HashMap<>();
    }
    return sets.computeIfAbsent(list, key -> key.evaluate(this));
  }

  /** The statement's time, in UTC. */
  public LocalDateTime now() {
    return LocalDateTime.ofInstant(context.now(), ZoneOffset.UTC);
  }
}
