package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds a CHECK that no row could be held against, and a generated column that no row could have,
 * when its table is made, as {@link DefaultChecks}.
 */
final class NewChecks {
  private NewChecks() {}

  /**
   * Compiles the conditions as those of the table alone in a catalog.
   *
   * @throws SqlFailure when one cannot be
   */
  static void check(NewTable table) {
    if (table.checks().isEmpty()
        && table.columns().stream().allMatch(column -> column.generatedSql() == null)) {
      return;
    }
    TreeSet<String> schemas = new TreeSet<>(List.of(table.schema()));
    Catalog alone = new Catalog(0, Catalog.FIRST_ID, schemas, new TreeMap<>());
    Catalog made = Definitions.createTable(alone, table.withoutForeignKeys()).after();
    of(Definitions.require(made, table.schema(), table.name()), made);
  }

  /** Those of a table that a definition is about to make. */
  static Checks of(TableDef table, Catalog made) {
    return Checks.of(table, new Schemas(made, any -> 0, List.of()));
  }
}
