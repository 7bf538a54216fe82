package io.quorate.sql.catalog;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Who owns an object, and what was granted on it. Immutable.
 *
 * @param owner empty where the object belongs to the administrators
 * @param grants each with whether it may be granted on
 */
public record ObjectAccess(String owner, SortedMap<Grant, Boolean> grants) {
  /** Of what nobody owns and nobody was granted. */
  static final ObjectAccess NONE = new ObjectAccess("", new TreeMap<>());

  /** Of {@link Catalog#DEFAULT_SCHEMA}, as long as nothing else was said. */
  static final ObjectAccess OF_DEFAULT_SCHEMA =
      NONE.with(new Grant(Grant.PUBLIC, Grant.BY_OWNER, Privilege.USAGE, ""), false);

  public ObjectAccess {
    grants = Collections.unmodifiableSortedMap(new TreeMap<>(grants));
  }

  /**
   * One privilege of one user or role.
   *
   * @param grantee {@link #PUBLIC} for everybody
   * @param grantor who has it with the right to grant it; {@link #BY_OWNER} for the owner
   * @param column empty for the whole object
   */
  public record Grant(String grantee, String grantor, Privilege privilege, String column)
      implements Comparable<Grant> {
    /** No user and no role has this name. */
    public static final String PUBLIC = "PUBLIC";

    static final String BY_OWNER = "";

    private static final Comparator<Grant> ORDER =
        Comparator.comparing(Grant::grantee)
            .thenComparing(Grant::grantor)
            .thenComparing(Grant::privilege)
            .thenComparing(Grant::column);

    @Override
    public int compareTo(Grant other) {
      return ORDER.compare(this, other);
    }
  }

  ObjectAccess ownedBy(String other) {
    return new ObjectAccess(other, grants);
  }

  /** With a grant; the right to grant on that it had before stays. */
  ObjectAccess with(Grant grant, boolean grantable) {
    SortedMap<Grant, Boolean> more = new TreeMap<>(grants);
    more.merge(grant, grantable, Boolean::logicalOr);
    return new ObjectAccess(owner, more);
  }

  ObjectAccess without(Predicate<Grant> gone) {
    SortedMap<Grant, Boolean> rest = new TreeMap<>(grants);
    rest.keySet().removeIf(gone);
    return new ObjectAccess(owner, rest);
  }

  ObjectAccess notGrantable(Predicate<Grant> which) {
    SortedMap<Grant, Boolean> rest = new TreeMap<>(grants);
    rest.replaceAll((grant, grantable) -> grantable && !which.test(grant));
    return new ObjectAccess(owner, rest);
  }

  /** Whether a name of them has the privilege by a grant, for the whole or for the column. */
  boolean isGranted(Set<String> names, Privilege privilege, String column) {
    return grants.keySet().stream()
        .anyMatch(
            grant ->
                grant.privilege == privilege
                    && (grant.column.isEmpty() || grant.column.equals(column))
                    && names.contains(grant.grantee));
  }

  /** Whether the name may grant the privilege on. */
  boolean isGrantable(String name, Privilege privilege, String column) {
    return grants.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getValue()
                    && entry.getKey().privilege == privilege
                    && entry.getKey().grantee.equals(name)
                    && (entry.getKey().column.isEmpty() || entry.getKey().column.equals(column)));
  }

  /** Whether something was granted for columns and not for the whole. */
  public boolean hasColumns() {
    return grants.keySet().stream().anyMatch(grant -> !grant.column.isEmpty());
  }

  /**
   * The grants that do not go back to the owner by others that may be granted on: the standard's
   * abandoned privileges.
   */
  Set<Grant> abandoned() {
    ObjectAccess live = new ObjectAccess(owner, new TreeMap<>());
    Set<Grant> rest = new HashSet<>(grants.keySet());
    boolean more = true;
    while (more) {
      more = false;
      for (Grant grant : grants.keySet()) {
        boolean held =
            grant.grantor.equals(Grant.BY_OWNER)
                || live.isGrantable(grant.grantor, grant.privilege, grant.column);
        if (held && rest.remove(grant)) {
          live = live.with(grant, Objects.requireNonNull(grants.get(grant)));
          more = true;
        }
      }
    }
    return rest;
  }
}
