package io.quorate.sql.plan;

import io.quorate.sql.catalog.Access;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogEdit;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.StoreChange;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A DDL statement. Names are looked up when it is evaluated, so it outlives the catalog that it was
 * compiled under. Immutable.
 */
final class DefinitionPlan implements Plan.Definition {

  /** Makes of a catalog another one, or nothing when there is nothing to do. */
  interface Edit extends Function<Catalog, Optional<CatalogEdit>> {}

  /** As {@link Edit}, for what the statement's user and time say too. */
  interface EditInContext {
    Optional<CatalogEdit> apply(Catalog catalog, ExecutionContext context);
  }

  /** As {@link Edit}, for what a store table says too. */
  interface EditOnView {
    Optional<CatalogEdit> apply(Catalog catalog, ReadView view);
  }

  /** The entries that must be there before the new catalog is. */
  interface Preparation {
    Iterator<List<StoreChange>> of(ExecutionContext context, Catalog after);
  }

  static final Redefinition NOTHING =
      new Redefinition(Collections.emptyIterator(), List.of(), List.of(), List.of());

  private final EditInContext edit;
  private final Preparation preparation;

  DefinitionPlan(Edit edit) {
    this(edit, (context, after) -> Collections.emptyIterator());
  }

  DefinitionPlan(Edit edit, Preparation preparation) {
    this((catalog, context) -> edit.apply(catalog), preparation);
  }

  private DefinitionPlan(EditInContext edit, Preparation preparation) {
    this.edit = edit;
    this.preparation = preparation;
  }

  /**
   * Whether IF EXISTS has nothing to do: nothing has the name. What is there and something else is
   * not passed over.
   */
  static boolean isMissing(Catalog catalog, String schema, String name, boolean ifExists) {
    return ifExists && !Catalog.isBuiltIn(schema) && !catalog.hasRelation(schema, name);
  }

  /** Changes one thing that is there. */
  static DefinitionPlan ofExisting(String schema, String name, boolean ifExists, EditOnView edit) {
    return onView(
        (catalog, view) ->
            isMissing(catalog, schema, name, ifExists)
                ? Optional.empty()
                : edit.apply(catalog, view));
  }

  static DefinitionPlan onView(EditOnView edit) {
    return inContext((catalog, context) -> edit.apply(catalog, context.view()));
  }

  static DefinitionPlan inContext(EditInContext edit) {
    return new DefinitionPlan(edit, (context, after) -> Collections.emptyIterator());
  }

  @Override
  public List<ResultColumn> parameters() {
    return List.of();
  }

  @Override
  public Redefinition evaluate(ExecutionContext context) {
    Catalog before = context.catalog();
    Optional<CatalogEdit> made = edit.apply(before, context);
    return made.isEmpty()
        ? NOTHING
        : redefinition(context, made.get(), preparation.of(context, made.get().after()));
  }

  /** What is made belongs to who made it. */
  static Redefinition redefinition(
      ExecutionContext context, CatalogEdit edit, Iterator<List<StoreChange>> preparation) {
    Catalog before = context.catalog();
    Catalog after = Access.owned(before, edit.after(), context.user());
    return new Redefinition(
        preparation,
        CatalogEdit.changes(context.view(), before, after),
        edit.clearedTables(),
        edit.tables());
  }
}
