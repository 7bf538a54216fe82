package io.quorate.sql.catalog;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A role: a name for privileges, which its members have. Immutable.
 *
 * @param createdMillis since 1970-01-01T00:00Z
 * @param members users and roles, each with whether it may make others members
 */
public record RoleDef(String name, long createdMillis, SortedMap<String, Boolean> members) {
  public RoleDef {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
  }

  /** With a member; the right to make others members that it had before stays. */
  RoleDef with(String member, boolean admin) {
    SortedMap<String, Boolean> more = new TreeMap<>(members);
    more.merge(member, admin, Boolean::logicalOr);
    return new RoleDef(name, createdMillis, more);
  }

  RoleDef without(String member) {
    SortedMap<String, Boolean> rest = new TreeMap<>(members);
    rest.remove(member);
    return new RoleDef(name, createdMillis, rest);
  }

  RoleDef notAdmin(String member) {
    SortedMap<String, Boolean> rest = new TreeMap<>(members);
    rest.computeIfPresent(member, (key, admin) -> false);
    return new RoleDef(name, createdMillis, rest);
  }
}
