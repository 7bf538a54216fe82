package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
      writer.flag(member.voter);
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
      members.add(new Member(reader.text(), reader.text(), reader.flag(), reader.flag()));
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

  /** A node. Immutable. */
  public static final class Member {
    private final String name;
    private final String address;
    private final boolean voter;
    private final boolean reachable;

    /**
     * @param address where clients connect, {@code host:port}
     * @param voter whether it is one, or a learner
     */
    public Member(String name, String address, boolean voter, boolean reachable) {
      this.name = name;
      this.address = address;
      this.voter = voter;
      this.reachable = reachable;
    }

    public String name() {
      return name;
    }

    public String address() {
      return address;
    }

    public boolean voter() {
      return voter;
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
          && voter == that.voter
          && reachable == that.reachable;
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, address, voter, reachable);
    }

    @Override
    public String toString() {
      return name + "@" + address + (voter ? "" : " learner") + (reachable ? "" : " away");
    }
  }
}
