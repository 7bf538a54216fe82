package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ObjectAccess.Grant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Owners and grants as other definitions change, as functions of a catalog. Pure. */
public final class Access {
  private Access() {}

  /** What has an owner and privileges, as it is called in messages and tables. */
  record Subject(Privilege.Kind kind, String schema, String name, List<String> columns) {}

  /** All that there is in a catalog. */
  static Map<ObjectKey, Subject> subjects(Catalog catalog) {
    Map<ObjectKey, Subject> subjects = new HashMap<>();
    for (String schema : catalog.schemas()) {
      subjects.put(
          ObjectKey.ofSchema(schema),
          new Subject(Privilege.Kind.SCHEMA, schema, schema, List.of()));
    }
    catalog
        .tables()
        .values()
        .forEach(
            inside ->
                inside
                    .values()
                    .forEach(
                        table ->
                            subjects.put(
                                ObjectKey.of(table.id()),
                                new Subject(
                                    Privilege.Kind.TABLE,
                                    table.schema(),
                                    table.name(),
                                    names(table.visibleColumns())))));
    for (ViewDef view : catalog.objects().views().values()) {
      subjects.put(
          ObjectKey.of(view.id()),
          new Subject(Privilege.Kind.TABLE, view.schema(), view.name(), names(view.columns())));
    }
    for (SequenceDef sequence : catalog.objects().sequences().values()) {
      subjects.put(
          ObjectKey.of(sequence.id()),
          new Subject(Privilege.Kind.SEQUENCE, sequence.schema(), sequence.name(), List.of()));
    }
    return subjects;
  }

  private static List<String> names(List<ColumnDef> columns) {
    return columns.stream().map(ColumnDef::name).toList();
  }

  /**
   * What has come newly belongs to the user, unless that may do everything without being one of the
   * catalog.
   */
  public static Catalog owned(Catalog before, Catalog after, String user) {
    if (!after.users().byName().containsKey(user)) {
      return after;
    }
    Set<ObjectKey> known = subjects(before).keySet();
    // Where there are as many as before, one has another name, and its owner.
    boolean hasNewSchema = after.schemas().size() > before.schemas().size();
    SchemaObjects objects = after.objects();
    for (Map.Entry<ObjectKey, Subject> entry : subjects(after).entrySet()) {
      ObjectKey key = entry.getKey();
      Subject subject = entry.getValue();
      boolean isNew =
          subject.kind() == Privilege.Kind.SCHEMA
              ? hasNewSchema && !known.contains(key)
              : key.id() >= before.nextId()
                  && !before.hasRelation(subject.schema(), subject.name());
      if (isNew) {
        objects = objects.withAccess(key, objects.access(key).ownedBy(user));
      }
    }
    return after.withObjects(objects);
  }

  /** Comments and access go with a table that is altered, or written to another place. */
  static SchemaObjects moved(SchemaObjects objects, TableDef before, TableDef after) {
    SchemaObjects moved = Comments.moved(objects, before, after);
    ObjectKey from = ObjectKey.of(before.id());
    ObjectAccess access = objects.access().get(from);
    if (access == null) {
      return moved;
    }
    ObjectAccess renamed = access;
    if (before.columns().size() == after.columns().size() && access.hasColumns()) {
      for (int i = 0; i < before.columns().size(); i++) {
        renamed = renamed(renamed, before.columns().get(i).name(), after.columns().get(i).name());
      }
    }
    return moved.withoutAccess(from).withAccess(ObjectKey.of(after.id()), renamed);
  }

  private static ObjectAccess renamed(ObjectAccess access, String from, String to) {
    if (from.equals(to)) {
      return access;
    }
    ObjectAccess renamed = access.without(grant -> grant.column().equals(from));
    for (Map.Entry<Grant, Boolean> entry : access.grants().entrySet()) {
      Grant grant = entry.getKey();
      if (grant.column().equals(from)) {
        renamed =
            renamed.with(
                new Grant(grant.grantee(), grant.grantor(), grant.privilege(), to),
                entry.getValue());
      }
    }
    return renamed;
  }

  /**
   * Without what was said of objects, columns, users and roles that are gone, and without the
   * grants that depended on those.
   */
  static Catalog settled(Catalog catalog) {
    Catalog settled = catalog.with(withoutUnknownMembers(catalog.users()));
    if (catalog.objects().access().isEmpty()) {
      return settled;
    }
    Map<ObjectKey, Subject> subjects = subjects(catalog);
    SchemaObjects objects = catalog.objects();
    for (Map.Entry<ObjectKey, ObjectAccess> entry : catalog.objects().access().entrySet()) {
      Subject subject = subjects.get(entry.getKey());
      objects =
          subject == null
              ? objects.withoutAccess(entry.getKey())
              : objects.withAccess(
                  entry.getKey(), settled(catalog.users(), subject, entry.getValue()));
    }
    return settled.withObjects(objects);
  }

  private static ObjectAccess settled(Users users, Subject subject, ObjectAccess access) {
    ObjectAccess rest =
        access.without(
            grant ->
                !(grant.grantee().equals(Grant.PUBLIC) || users.knows(grant.grantee()))
                    || !(grant.column().isEmpty() || subject.columns().contains(grant.column())));
    Set<Grant> abandoned = rest.abandoned();
    rest = rest.without(abandoned::contains);
    return users.knows(access.owner()) ? rest : rest.ownedBy("");
  }

  private static Users withoutUnknownMembers(Users users) {
    Users rest = users;
    for (RoleDef role : users.roles().values()) {
      for (String member : new TreeSet<>(role.members().keySet())) {
        if (!users.knows(member)) {
          rest = rest.with(Objects.requireNonNull(rest.roles().get(role.name())).without(member));
        }
      }
    }
    return rest;
  }

  /** What belongs to a user, as messages show it. */
  static List<String> ownedBy(Catalog catalog, String user) {
    Map<ObjectKey, Subject> subjects = subjects(catalog);
    List<String> owned = new ArrayList<>();
    catalog
        .objects()
        .access()
        .forEach(
            (key, access) -> {
              Subject subject = subjects.get(key);
              if (subject != null && access.owner().equals(user)) {
                owned.add(subject.kind().word() + " " + described(subject));
              }
            });
    return owned;
  }

  static String described(Subject subject) {
    return subject.kind() == Privilege.Kind.SCHEMA
        ? "\"" + subject.name() + "\""
        : Definitions.named(subject.schema(), subject.name());
  }
}
