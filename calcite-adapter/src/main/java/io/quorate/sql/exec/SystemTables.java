package io.quorate.sql.exec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the SYSTEM schema that are not stored but asked for: nodes, settings, sessions.
 * Implemented by the server; thread-safe.
 */
public interface SystemTables {

  /** Their names, upper case, and columns; never changes while a node runs. */
  List<Definition> definitions();

  /** The rows of one of them as they are now. */
  List<@Nullable Object[]> rows(String name);

  /** Without any. */
  SystemTables NONE =
      new SystemTables() {
        @Override
        public List<Definition> definitions() {
          return List.of();
        }

        @Override
        public List<@Nullable Object[]> rows(String name) {
          return List.of();
        }
      };

  /** A system table. */
  record Definition(String name, List<ResultColumn> columns) {
    public Definition {
      columns = List.copyOf(columns);
    }
  }
}
