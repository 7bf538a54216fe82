package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table that is not stored but asked for: those of INFORMATION_SCHEMA and SYSTEM.
 *
 * @param columns label, type and nullability are looked at
 * @param rows all of them, each with a value for each column
 */
public record VirtualTable(
    String schema,
    String name,
    List<ResultColumn> columns,
    Function<ExecutionContext, List<@Nullable Object[]>> rows) {
  public VirtualTable {
    columns = List.copyOf(columns);
  }
}
