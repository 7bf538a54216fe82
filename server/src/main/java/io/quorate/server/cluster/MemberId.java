package io.quorate.server.cluster;

import io.quorate.server.lang.Invariant;

/**
 * Identifies one data directory that takes part in the cluster: the name its operator gave it and a
 * number drawn when the directory was made. A node that comes back with an empty disk under its old
 * name is thus another member, and cannot vote with a memory that it has lost (Raft dissertation,
 * section 4.1).
 *
 * @param name the node's name, of letters, digits, '-', '_' and '.', at most 64 characters
 * @param number the directory's number, positive
 */
public record MemberId(String name, int number) implements Comparable<MemberId> {

  public MemberId {
    Invariant.check(
        name.matches("[A-Za-z0-9_.-]{1,64}"),
        "a node name is 1 to 64 of A-Z a-z 0-9 _ . -, not \"%s\"",
        name);
    Invariant.check(number > 0, "a member number is positive, not %s", number);
  }

  /** Reads what {@link #toString} wrote. */
  public static MemberId parse(String text) {
    int colon = text.lastIndexOf(':');
    Invariant.check(colon > 0, "a member id is name:number, not \"%s\"", text);
    return new MemberId(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public int compareTo(MemberId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return name + ":" + number;
  }
}
