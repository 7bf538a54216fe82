package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ObjectAccess.Grant;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * GRANT and REVOKE of privileges as functions of a catalog, each with one version more than it was
 * given. Pure.
 */
public final class Grants {
  /** Of one object; its row must fit into an entry of the log with others. */
  public static final int GRANTS_MAX = 10_000;

  private Grants() {}

  /**
   * A privilege as it was named.
   *
   * @param columns empty for the whole object
   */
  public record Item(String privilege, List<String> columns) {
    public Item {
      columns = List.copyOf(columns);
    }
  }

  /**
   * What an object is called.
   *
   * @param name of a schema it is the same again
   */
  public record Target(Privilege.Kind kind, String schema, String name) {}

  /**
   * What is given or taken.
   *
   * @param items empty for ALL PRIVILEGES
   * @param option the right to grant on: given too, or taken alone
   * @param grantor as whom; null for the user itself
   */
  public record Clause(
      List<Item> items,
      List<Target> targets,
      List<String> grantees,
      boolean option,
      @Nullable String grantor) {
    public Clause {
      items = List.copyOf(items);
      targets = List.copyOf(targets);
      grantees = List.copyOf(grantees);
    }
  }

  /** One privilege that is asked for, of one column or of the whole. */
  private record Asked(Privilege privilege, String column) {}

  /** GRANT; nothing when all of it was granted before. */
  public static Optional<CatalogEdit> grant(Catalog catalog, String by, Clause clause) {
    checkGrantees(catalog, clause);
    if (clause.option && clause.grantees.contains(Grant.PUBLIC)) {
      throw new SqlFailure(
          State.INVALID_GRANT, "PUBLIC cannot be granted anything WITH GRANT OPTION");
    }
    SchemaObjects objects = catalog.objects();
    for (Target target : clause.targets) {
      ObjectKey key = key(catalog, target);
      ObjectAccess access = objects.access(key);
      Giver giver = giver(catalog, by, clause, key);
      for (Asked asked : asked(catalog, clause, target, key, giver)) {
        String grantor = giver.grantor(asked).orElseThrow(() -> giver.denied(asked, target));
        for (String grantee : clause.grantees) {
          access =
              access.with(
                  new Grant(grantee, grantor, asked.privilege, asked.column), clause.option);
        }
      }
      if (access.grants().size() > GRANTS_MAX) {
        throw new SqlFailure(
            State.LIMIT_EXCEEDED,
            "there would be more than " + GRANTS_MAX + " grants on " + described(target));
      }
      objects = objects.withAccess(key, access);
    }
    return edit(catalog, objects);
  }

  /**
   * REVOKE; nothing when there is nothing to take. Of the whole object, it takes what was granted
   * of columns as well.
   *
   * @param cascade whether what others were granted by it goes too, instead of being in the way
   */
  public static Optional<CatalogEdit> revoke(
      Catalog catalog, String by, Clause clause, boolean cascade) {
    checkGrantees(catalog, clause);
    SchemaObjects objects = catalog.objects();
    for (Target target : clause.targets) {
      ObjectKey key = key(catalog, target);
      ObjectAccess access = objects.access(key);
      Giver giver = giver(catalog, by, clause, key);
      for (Asked asked : asked(catalog, clause, target, key, giver)) {
        String grantor =
            clause.grantor == null || giver.isOwner()
                ? giver.grantor(asked).orElseThrow(() -> giver.denied(asked, target))
                : giver.name;
        Predicate<Grant> taken =
            grant ->
                clause.grantees.contains(grant.grantee())
                    && grant.grantor().equals(grantor)
                    && grant.privilege() == asked.privilege
                    && (asked.column.isEmpty() || grant.column().equals(asked.column));
        access = clause.option ? access.notGrantable(taken) : access.without(taken);
      }
      Set<Grant> abandoned = access.abandoned();
      if (!abandoned.isEmpty() && !cascade) {
        Grant first = new TreeSet<>(abandoned).first();
        throw new SqlFailure(
            State.DEPENDENT_OBJECTS,
            "\""
                + first.grantee()
                + "\" has "
                + first.privilege()
                + " on "
                + described(target)
                + " by \""
                + first.grantor()
                + "\"; CASCADE takes that too");
      }
      objects = objects.withAccess(key, access.without(abandoned::contains));
    }
    return edit(catalog, objects);
  }

  private static Optional<CatalogEdit> edit(Catalog catalog, SchemaObjects objects) {
    return objects.equals(catalog.objects())
        ? Optional.empty()
        : Optional.of(
            new CatalogEdit(catalog.withObjects(objects, catalog.nextId()), List.of(), List.of()));
  }

  private static void checkGrantees(Catalog catalog, Clause clause) {
    for (String grantee : clause.grantees) {
      if (!grantee.equals(Grant.PUBLIC)) {
        Roles.requireKnown(catalog, grantee);
      }
    }
  }

  /** Who gives or takes: a user with all it may, or one name that it has. */
  private static final class Giver {
    final Authority authority;
    final ObjectKey key;
    final String name;
    final ObjectAccess access;
    final boolean byName;

    Giver(Authority authority, ObjectKey key, ObjectAccess access, @Nullable String name) {
      this.authority = authority;
      this.key = key;
      this.access = access;
      this.byName = name != null;
      this.name = Objects.requireNonNullElse(name, Grant.BY_OWNER);
    }

    boolean isOwner() {
      return byName ? name.equals(access.owner()) : authority.owns(key);
    }

    Optional<String> grantor(Asked asked) {
      if (isOwner()) {
        return Optional.of(Grant.BY_OWNER);
      }
      if (!byName) {
        return authority.grantor(key, asked.privilege, asked.column);
      }
      return access.isGrantable(name, asked.privilege, asked.column)
          ? Optional.of(name)
          : Optional.empty();
    }

    SqlFailure denied(Asked asked, Target target) {
      return authority.denied(
          asked.privilege
              + " on "
              + target.kind.word()
              + " "
              + described(target)
              + " is granted by its owner, or by who has it WITH GRANT OPTION");
    }
  }

  private static Giver giver(Catalog catalog, String by, Clause clause, ObjectKey key) {
    Authority authority = Authority.of(catalog, by);
    ObjectAccess access = catalog.objects().access(key);
    String name = clause.grantor;
    if (name == null || name.equals(by)) {
      return new Giver(authority, key, access, null);
    }
    Roles.requireKnown(catalog, name);
    if (!authority.isUnrestricted() && !authority.is(name)) {
      throw authority.denied("it is not \"" + name + "\", nor a member of it");
    }
    boolean administers =
        catalog.users().byName().containsKey(name) && catalog.users().isUnrestricted(name);
    return administers
        ? new Giver(Authority.of(catalog, name), key, access, null)
        : new Giver(authority, key, access, name);
  }

  private static List<Asked> asked(
      Catalog catalog, Clause clause, Target target, ObjectKey key, Giver giver) {
    List<Asked> asked = new ArrayList<>();
    if (clause.items.isEmpty()) {
      for (Privilege each : target.kind.privileges()) {
        asked.add(new Asked(each, ""));
      }
      if (asked.stream().anyMatch(each -> giver.grantor(each).isPresent())) {
        asked.removeIf(each -> giver.grantor(each).isEmpty());
      }
      return asked;
    }
    List<String> known = Objects.requireNonNull(Access.subjects(catalog).get(key)).columns();
    for (Item item : clause.items) {
      Privilege privilege = privilege(item, target);
      for (String column : item.columns) {
        if (!known.contains(column)) {
          throw new SqlFailure(
              State.COLUMN_NOT_FOUND,
              "column \"" + column + "\" of " + described(target) + " not found");
        }
        asked.add(new Asked(privilege, column));
      }
      if (item.columns.isEmpty()) {
        asked.add(new Asked(privilege, ""));
      }
    }
    return asked;
  }

  private static Privilege privilege(Item item, Target target) {
    Privilege found =
        target.kind.privileges().stream()
            .filter(each -> each.name().equals(item.privilege))
            .findFirst()
            .orElseThrow(
                () ->
                    new SqlFailure(
                        State.INVALID_GRANT,
                        "a "
                            + target.kind.word()
                            + " has no privilege "
                            + item.privilege
                            + "; it has "
                            + target.kind.privileges()));
    if (!item.columns.isEmpty() && !found.isOfColumns()) {
      throw new SqlFailure(
          State.INVALID_GRANT, found + " is granted for whole tables, not for columns");
    }
    return found;
  }

  private static ObjectKey key(Catalog catalog, Target target) {
    String schema = target.schema;
    String name = target.name;
    if (target.kind == Privilege.Kind.SCHEMA || catalog.find(schema, name).isEmpty()) {
      // The tables of a built-in schema that are stored are granted as any others.
      Definitions.checkSchema(catalog, schema);
    }
    return switch (target.kind) {
      case SCHEMA -> ObjectKey.ofSchema(schema);
      case SEQUENCE ->
          catalog
              .objects()
              .findSequence(schema, name)
              .map(sequence -> ObjectKey.of(sequence.id()))
              .orElseThrow(() -> notFound(catalog, target));
      case TABLE ->
          catalog
              .find(schema, name)
              .map(TableDef::id)
              .or(() -> catalog.objects().findView(schema, name).map(ViewDef::id))
              .map(ObjectKey::of)
              .orElseThrow(() -> notFound(catalog, target));
    };
  }

  private static SqlFailure notFound(Catalog catalog, Target target) {
    return Definitions.notFound(
        catalog, target.schema, target.name, target.kind.word(), State.TABLE_NOT_FOUND);
  }

  private static String described(Target target) {
    return target.kind == Privilege.Kind.SCHEMA
        ? "\"" + target.schema + "\""
        : Definitions.named(target.schema, target.name);
  }
}
