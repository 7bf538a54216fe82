package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogEdit;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.NewIndex;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import java.util.Collections;
import java.util.List;

/**
 * CREATE INDEX. A table without rows has its index at once; another one's is kept by its writers
 * first, then filled while they go on, and then read. Immutable.
 */
final class CreateIndexPlan implements Plan.Definition {
  private final NewIndex index;
  private final boolean ifNotExists;

  CreateIndexPlan(NewIndex index, boolean ifNotExists) {
    this.index = index;
    this.ifNotExists = ifNotExists;
  }

  @Override
  public List<ResultColumn> parameters() {
    return List.of();
  }

  @Override
  public Redefinition evaluate(ExecutionContext context) {
    Catalog before = context.catalog();
    if (ifNotExists && before.findTableOfIndex(index.schema(), index.name()).isPresent()) {
      return DefinitionPlan.NOTHING;
    }
    CatalogEdit begun = Definitions.beginIndex(before, index);
    TableDef table = Definitions.require(begun.after(), index.schema(), index.table());
    return context.view().rowCount(table.id()) == 0
        ? DefinitionPlan.redefinition(
            context, Definitions.createIndex(before, index), Collections.emptyIterator())
        : DefinitionPlan.redefinition(context, begun, Collections.emptyIterator())
            .with(new RowwiseBuild(table));
  }
}
