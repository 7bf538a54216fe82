package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * CREATE and DROP VIEW, and what other statements must know of views, as functions of a catalog.
 * Pure, as {@link Definitions} are.
 */
public final class Views {
  /** Ids below are of views that are to be made. */
  public static final int NO_ID = 0;

  /** A query on a view is planned with all that is beneath it. */
  public static final int DEPTH_MAX = 32;

  private Views() {}

  /**
   * CREATE VIEW.
   *
   * @param view with {@link #NO_ID}
   * @param orReplace whether it takes the place of one of the same name, and its id
   */
  public static CatalogEdit create(Catalog catalog, ViewDef view, boolean orReplace) {
    Definitions.checkSchema(catalog, view.schema());
    checkColumns(view);
    SchemaObjects objects = catalog.objects();
    ViewDef before = orReplace ? objects.findView(view.schema(), view.name()).orElse(null) : null;
    if (before == null) {
      Definitions.checkNoRelation(catalog, view.schema(), view.name());
    } else {
      checkReplaceable(objects, before, view);
    }
    ViewDef made = view.withId(before == null ? catalog.nextId() : before.id());
    SchemaObjects after = objects.with(made);
    int depth = depth(after, made);
    if (depth > DEPTH_MAX) {
      throw new SqlFailure(
          State.LIMIT_EXCEEDED,
          made.described() + " would stand on " + depth + " others, at most " + DEPTH_MAX);
    }
    int nextId = before == null ? catalog.nextId() + 1 : catalog.nextId();
    return new CatalogEdit(catalog.withObjects(after, nextId), List.of(), List.of());
  }

  private static void checkColumns(ViewDef view) {
    Definitions.checkAtMost(view.columns().size(), Definitions.COLUMNS_MAX, "columns", view.name());
    Set<String> names = new HashSet<>();
    for (ColumnDef column : view.columns()) {
      if (!names.add(column.name())) {
        throw new SqlFailure(
            State.DUPLICATE_COLUMN,
            "column \""
                + column.name()
                + "\" is twice in "
                + view.described()
                + "; the names of all columns can stand behind that of the view");
      }
    }
  }

  private static void checkReplaceable(SchemaObjects objects, ViewDef before, ViewDef after) {
    List<ViewDef> users = users(objects, List.of(before.id()));
    for (ViewDef user : users) {
      if (after.uses().contains(user.id())) {
        throw new SqlFailure(
            State.INVALID_TABLE,
            after.described() + " cannot use " + user.described() + ", which uses it");
      }
    }
    if (after.uses().contains(before.id())) {
      throw new SqlFailure(State.INVALID_TABLE, after.described() + " cannot use itself");
    }
    if (!users.isEmpty() && !after.hasColumnsOf(before)) {
      throw new SqlFailure(
          State.INVALID_TABLE,
          after.described()
              + " is used by "
              + users.get(0).described()
              + ", and so must keep its columns; it may get more behind them");
    }
  }

  private static int depth(SchemaObjects objects, ViewDef view) {
    int depth = 0;
    Set<Integer> level = new TreeSet<>(view.uses());
    while (!level.isEmpty() && depth <= DEPTH_MAX) {
      Set<Integer> beneath = new TreeSet<>();
      for (int id : level) {
        objects.findView(id).ifPresent(each -> beneath.addAll(each.uses()));
      }
      depth++;
      level = beneath;
    }
    return depth;
  }

  /**
   * DROP VIEW.
   *
   * @param cascade whether the views on it go too, instead of being in the way
   */
  public static CatalogEdit drop(Catalog catalog, String schema, String name, boolean cascade) {
    ViewDef view = require(catalog, schema, name);
    List<Integer> gone = new ArrayList<>(List.of(view.id()));
    gone.addAll(dropUsers(catalog.objects(), gone, view.described(), cascade));
    SchemaObjects rest = catalog.objects().withoutViews(each -> gone.contains(each.id()));
    return new CatalogEdit(catalog.withObjects(rest, catalog.nextId()), List.of(), List.of());
  }

  /**
   * A view that must be there, of a schema that may be changed.
   *
   * @throws SqlFailure when it, or its schema, is not, or is something else
   */
  static ViewDef require(Catalog catalog, String schema, String name) {
    Definitions.checkSchema(catalog, schema);
    return catalog
        .objects()
        .findView(schema, name)
        .orElseThrow(
            () -> Definitions.notFound(catalog, schema, name, "view", State.TABLE_NOT_FOUND));
  }

  /**
   * The ids of the views on something that is to be dropped.
   *
   * @throws SqlFailure {@link State#DEPENDENT_OBJECTS} when there are some that stay
   */
  static List<Integer> dropUsers(
      SchemaObjects objects, Collection<Integer> dropped, String described, boolean cascade) {
    List<ViewDef> users = users(objects, dropped);
    if (!users.isEmpty() && !cascade) {
      List<String> names = users.stream().map(ViewDef::described).toList();
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          described + " is used by " + Definitions.someOf(names) + "; CASCADE drops that too");
    }
    return users.stream().map(ViewDef::id).toList();
  }

  /** The views that read any of these, directly or by another view; those themselves left out. */
  static List<ViewDef> users(SchemaObjects objects, Collection<Integer> ids) {
    Set<Integer> known = new HashSet<>(ids);
    List<ViewDef> users = new ArrayList<>();
    boolean more = true;
    while (more) {
      more = false;
      for (ViewDef view : objects.views().values()) {
        if (!known.contains(view.id()) && view.uses().stream().anyMatch(known::contains)) {
          known.add(view.id());
          users.add(view);
          more = true;
        }
      }
    }
    return users;
  }

  /**
   * Checks that the views on a table can still be read when it is altered.
   *
   * @throws SqlFailure {@link State#DEPENDENT_OBJECTS} when one can not
   */
  static void checkAltered(SchemaObjects objects, TableDef before, TableDef after) {
    for (ViewDef view : objects.views().values()) {
      if (!view.uses().contains(before.id())) {
        continue;
      }
      if (!before.name().equals(after.name())) {
        throw inTheWay("table " + Definitions.named(before.schema(), before.name()), view);
      }
      for (ColumnDef column : before.visibleColumns()) {
        boolean stays =
            after.visibleColumns().stream()
                .anyMatch(
                    each -> each.name().equals(column.name()) && each.type().equals(column.type()));
        if (!stays && TableChanges.mentions(view.sql(), column.name())) {
          throw inTheWay(
              "column \"" + column.name() + "\" of table \"" + before.name() + "\"", view);
        }
      }
    }
  }

  /** The objects when a table that views may use has another id. */
  static SchemaObjects moved(SchemaObjects objects, int before, int after) {
    SchemaObjects moved = objects;
    for (ViewDef view : objects.views().values()) {
      if (before != after && view.uses().contains(before)) {
        moved = moved.with(view.withUseOf(before, after));
      }
    }
    return moved;
  }

  static SqlFailure inTheWay(String what, ViewDef view) {
    return new SqlFailure(
        State.DEPENDENT_OBJECTS,
        what
            + " is used by "
            + view.described()
            + ", which names it in its query; drop that, and make it anew afterwards");
  }
}
