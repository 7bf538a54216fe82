package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cluster as the node that answers knows it. Immutable. */
public final class WireTopology {
  private final long epoch;
  private final String cluster;
  private final String self;
  private final String leader;
  private final List<Member> members;

  /**
   * @param epoch grows with each change as that node sees it; compare only answers of one node
   * @param self name of the node that answers
   * @param leader name of the node that takes writes; empty if none is known
   */
  public WireTopology(
      long epoch, String cluster, String self, String leader, List<Member> members) {
    this.epoch = epoch;
    this.cluster = cluster;
    this.self = self;
    this.leader = leader;
    this.members = Collections.unmodifiableList(new ArrayList<>(members));
  }

  void write(WireWriter writer) {
    if (members.size() > WireLimits.MEMBERS_MAX) {
      throw new ProtocolException(members.size() + " members are above the bound");
    }
    writer.varint(epoch);
    writer.text(cluster);
    writer.text(self);
    writer.text(leader);
    writer.varint(members.size());
    for (Member member : members) {
      writer.text(member.name);
      writer.text(member.address);
      writer.octet(member.role.number);
      writer.text(member.zone);
      writer.flag(member.reachable);
    }
  }

  static WireTopology read(WireReader reader) {
    long epoch = reader.count();
    String cluster = reader.text();
    String self = reader.text();
    String leader = reader.text();
    int count = reader.items(WireLimits.MEMBERS_MAX);
    List<Member> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(
          new Member(
              reader.text(), reader.text(), Role.of(reader.octet()), reader.text(), reader.flag()));
    }
    return new WireTopology(epoch, cluster, self, leader, members);
  }

  public long epoch() {
    return epoch;
  }

  public String cluster() {
    return cluster;
  }

  public String self() {
    return self;
  }

  /** Name of the leader; empty if none is known. */
  public String leader() {
    return leader;
  }

  public Optional<Member> leaderMember() {
    return member(leader);
  }

  public Optional<Member> selfMember() {
    return member(self);
  }

  private Optional<Member> member(String name) {
    return members.stream().filter(member -> member.name.equals(name)).findFirst();
  }

  public List<Member> members() {
    return members;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof WireTopology)) {
      return false;
    }
    WireTopology that = (WireTopology) other;
    return epoch == that.epoch
        && cluster.equals(that.cluster)
        && self.equals(that.self)
        && leader.equals(that.leader)
        && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return Objects.hash(epoch, cluster, self, leader, members);
  }

  @Override
  public String toString() {
    return "epoch " + epoch + " of " + cluster + ", leader " + leader + ": " + members;
  }

  /** What a node is in the cluster; which voter leads is the topology's to say. */
  public enum Role {
    /** Votes, and has the data: the leader, or a follower. */
    VOTER(1),
    /** Has the data and no vote. */
    LEARNER(2),
    /** Votes and has no data; serves no statements. */
    WITNESS(3);

    private final int number;

    Role(int number) {
      this.number = number;
    }

    static Role of(int number) {
      for (Role role : values()) {
        if (role.number == number) {
          return role;
        }
      }
      throw new ProtocolException("no role has the number " + number);
    }
  }

  /** A node. Immutable. */
  public static final class Member {
    private final String name;
    private final String address;
    private final Role role;
    private final String zone;
    private final boolean reachable;

    /**
     * @param address where clients connect, {@code host:port}
     * @param zone label of where it stands; empty without one
     */
    public Member(String name, String address, Role role, String zone, boolean reachable) {
      this.name = name;
      this.address = address;
      this.role = role;
      this.zone = zone;
      this.reachable = reachable;
    }

    public String name() {
      return name;
    }

    public String address() {
      return address;
    }

    public Role role() {
      return role;
    }

    public String zone() {
      return zone;
    }

    public boolean reachable() {
      return reachable;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Member)) {
        return false;
      }
      Member that = (Member) other;
      return name.equals(that.name)
          && address.equals(that.address)
          && role == that.role
          && zone.equals(that.zone)
          && reachable == that.reachable;
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, address, role, zone, reachable);
    }

    @Override
    public String toString() {
      return name
          + "@"
          + address
          + (role == Role.VOTER ? "" : " " + role.name().toLowerCase(Locale.ROOT))
          + (zone.isEmpty() ? "" : " in " + zone)
          + (reachable ? "" : " away");
    }
  }
}
