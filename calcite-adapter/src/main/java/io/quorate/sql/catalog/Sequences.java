package io.quorate.sql.catalog;

import io.quorate.sql.catalog.SequenceOptions.Said;
import io.quorate.sql.catalog.SequenceOptions.Word;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import java.util.List;

/** CREATE, ALTER and DROP SEQUENCE as functions of a catalog. Pure, as {@link Definitions} are. */
public final class Sequences {
  private Sequences() {}

  /** CREATE SEQUENCE; it takes an id for itself and one for its counter. */
  public static CatalogEdit create(Catalog catalog, String schema, String name, Said said) {
    Definitions.checkSchema(catalog, schema);
    Definitions.checkNoRelation(catalog, schema, name);
    SequenceOptions options = SequenceOptions.of(name, said);
    int id = catalog.nextId();
    SequenceDef made = new SequenceDef(id, schema, name, options, id + 1, options.start());
    return new CatalogEdit(
        catalog.withObjects(catalog.objects().with(made), id + 2), List.of(), List.of());
  }

  /**
   * ALTER SEQUENCE. It begins anew, with RESTART where that says, else behind all that was set
   * aside: another counter knows nothing of values that were.
   *
   * @param view shows what the counter has reserved
   */
  public static CatalogEdit alter(
      Catalog catalog, String schema, String name, Said said, ReadView view) {
    SequenceDef before = require(catalog, schema, name);
    SequenceOptions options = before.options().with(name, said);
    long first;
    if (said.says(Word.RESTART)) {
      first = said.value(Word.RESTART).orElse(options.start());
      options.requireInside(name, "RESTART WITH", first);
    } else {
      first = goOn(before, options, view);
    }
    SequenceDef after =
        new SequenceDef(before.id(), schema, name, options, catalog.nextId(), first);
    return new CatalogEdit(
        catalog.withObjects(catalog.objects().with(after), catalog.nextId() + 1),
        List.of(before.counter()),
        List.of(before.id()));
  }

  private static long goOn(SequenceDef before, SequenceOptions options, ReadView view) {
    long reserved = ReservedCounts.highest(ReservedCounts.shown(before.counter(), view));
    if (reserved == 0) {
      options.requireInside(before.name(), "go on with", before.first());
      return before.first();
    }
    long last = before.value(reserved - 1);
    long next = last + options.increment();
    boolean overflow = options.increment() > 0 ? next < last : next > last;
    if (!overflow && next >= options.min() && next <= options.max()) {
      return next;
    }
    if (options.cycle() && last >= options.min() && last <= options.max()) {
      return options.increment() > 0 ? options.min() : options.max();
    }
    throw SequenceOptions.refused(
        before.name(),
        "cannot go on behind "
            + last
            + ", up to which values are given or set aside; say RESTART WITH too");
  }

  /** ALTER SEQUENCE ... RENAME TO, within the schema; columns go on using it by default. */
  static CatalogEdit rename(Catalog catalog, String schema, String name, String to) {
    SequenceDef before = require(catalog, schema, name);
    Definitions.checkNoRelation(catalog, schema, to);
    SequenceDef after = before.named(schema, to);
    Catalog followed =
        SequenceUses.replace(
            catalog, before, text -> text.replace(before.nextValue(), after.nextValue()));
    return new CatalogEdit(
        followed.withObjects(catalog.objects().with(after), catalog.nextId()),
        List.of(),
        SequenceUses.idsWith(catalog, before));
  }

  /**
   * DROP SEQUENCE.
   *
   * @param cascade whether the DEFAULTs that use it go too, instead of being in the way
   */
  public static CatalogEdit drop(Catalog catalog, String schema, String name, boolean cascade) {
    SequenceDef gone = require(catalog, schema, name);
    List<String> uses = SequenceUses.columns(catalog, gone);
    if (!uses.isEmpty() && !cascade) {
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          gone.described()
              + " is in the DEFAULT of "
              + Definitions.someOf(uses)
              + "; CASCADE drops that too");
    }
    Catalog without = SequenceUses.replace(catalog, gone, text -> null);
    SchemaObjects rest = catalog.objects().withoutSequences(each -> each.id() == gone.id());
    return new CatalogEdit(
        without.withObjects(rest, catalog.nextId()),
        List.of(gone.counter()),
        SequenceUses.idsWith(catalog, gone));
  }

  private static SequenceDef require(Catalog catalog, String schema, String name) {
    Definitions.checkSchema(catalog, schema);
    return catalog
        .objects()
        .findSequence(schema, name)
        .orElseThrow(
            () -> Definitions.notFound(catalog, schema, name, "sequence", State.TABLE_NOT_FOUND));
  }
}
