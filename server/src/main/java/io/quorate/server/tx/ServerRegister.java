package io.quorate.server.tx;

import io.quorate.server.lang.Deadline;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the entries of the members, on the node that leads, by writes as any others: so all
 * replicas know the same ids and addresses, also of members that are down.
 *
 * <p>A node that has always been alone is its cluster's member 1 without an entry: only a second
 * member makes the cluster write anything.
 */
public final class ServerRegister implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ServerRegister.class);

  private static final Duration WRITE_TIME = Duration.ofSeconds(10);

  private final Transactions transactions;
  private final Supplier<List<ServerEntry>> members;

  /**
   * @param members as this node knows them now, in the order in which they are to get ids; their
   *     own ids are 0
   */
  public ServerRegister(Transactions transactions, Supplier<List<ServerEntry>> members) {
    this.transactions = transactions;
    this.members = members;
  }

  /** Writes what has changed. Blocks as writes do. */
  @Override
  public void run() {
    List<ServerEntry> now = members.get();
    try (ReadView view = transactions.newestView()) {
      if (changes(view, now).isEmpty()) {
        return;
      }
    }
    Control control =
        new Control(Deadline.after(WRITE_TIME, transactions::nanos), CancelFlag.NEVER);
    Evaluation evaluation =
        transactions.ofSystem(view -> new Plan.Changes(0, changes(view, now), List.of()));
    Written written = transactions.write(List.of(evaluation), Request.UNNAMED, control);
    log.atInfo().addKeyValue("revision", written.revision()).log("members registered");
  }

  private static List<StoreChange> changes(ReadView view, List<ServerEntry> now) {
    Optional<List<ServerEntry>> registered = ServerEntry.readAll(view);
    List<StoreChange> changes = new ArrayList<>();
    if (registered.isPresent()) {
      Map<Integer, ServerEntry> before = new HashMap<>();
      registered.get().forEach(entry -> before.put(entry.id(), entry));
      for (ServerEntry entry : next(registered.get(), now)) {
        ServerEntry known = before.get(entry.id());
        if (!entry.equals(known)) {
          @Nullable Row seen = known == null ? null : known.toRow();
          changes.add(new StoreChange(ServerEntry.STORE_TABLE, entry.key(), seen, entry.toRow()));
        }
      }
    }
    return changes;
  }

  /**
   * The entries as they should be. A member gets its id when its addresses are known, and has them
   * as long as no others are.
   */
  static List<ServerEntry> next(List<ServerEntry> registered, List<ServerEntry> now) {
    if (isAlone(registered, now)) {
      return registered;
    }
    Map<String, ServerEntry> members = new LinkedHashMap<>();
    now.forEach(member -> members.put(member.member(), member));
    List<ServerEntry> next = new ArrayList<>();
    Set<String> known = new HashSet<>();
    int last = 0;
    for (ServerEntry entry : registered) {
      ServerEntry member = members.get(entry.member());
      next.add(member == null ? entry.gone() : followed(entry, member));
      known.add(entry.member());
      last = Math.max(last, entry.id());
    }
    for (ServerEntry member : members.values()) {
      if (!known.contains(member.member()) && member.hasAddresses()) {
        next.add(member.withId(++last));
      }
    }
    return next;
  }

  private static boolean isAlone(List<ServerEntry> registered, List<ServerEntry> now) {
    return registered.isEmpty() && now.size() <= 1;
  }

  private static ServerEntry followed(ServerEntry entry, ServerEntry member) {
    return member.hasAddresses()
        ? member.withId(entry.id())
        : new ServerEntry(
            entry.id(),
            entry.member(),
            member.services(),
            entry.clientAddress(),
            entry.adminAddress(),
            entry.peerAddress());
  }

  /** The members as everybody sees them, by their ids. */
  public static List<ServerEntry> shown(List<ServerEntry> registered, List<ServerEntry> now) {
    return isAlone(registered, now)
        ? now.stream().map(member -> member.withId(1)).toList()
        : registered.stream().filter(entry -> entry.services() != 0).toList();
  }
}
