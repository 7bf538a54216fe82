package io.quorate.sql.exec;

import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;

/** Where generated code gets rows from. Immutable; public because that code calls it. */
@FunctionalInterface
public interface ScanSource {

  /** Rows in internal form: an array each, or the value itself where there is one column. */
  Enumerable<Object> scan(DataContext context);
}
