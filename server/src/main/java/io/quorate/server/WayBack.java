package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.config.HostPort;
import io.quorate.server.lang.QuorateException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Whether a node that wants to enter can be reached from here, as it reaches this one. Behind a
 * firewall, or under an address that others do not have, it would be a member until its own
 * connection breaks, and then be lost to a leader that cannot connect to it. Thread-safe.
 */
final class WayBack {
  private final Function<MemberId, Optional<HostPort>> addresses;
  private final Consumer<HostPort> connect;
  private final Executor threads;

  /**
   * @param addresses where a node says that it listens; empty where that is not known
   * @param connect fails where nobody is reached; blocks
   * @param threads on which that is done
   */
  WayBack(
      Function<MemberId, Optional<HostPort>> addresses,
      Consumer<HostPort> connect,
      Executor threads) {
    this.addresses = addresses;
    this.connect = connect;
    this.threads = threads;
  }

  /** Why there is none to this node; empty where there is one, or nobody knows. Does not block. */
  CompletableFuture<Optional<QuorateException>> problemOf(MemberId joiner) {
    Optional<HostPort> address = addresses.apply(joiner);
    if (address.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    try {
      return CompletableFuture.supplyAsync(() -> problemAt(address.get()), threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(
          Optional.of(
              new QuorateException(
                  ErrorCode.OVERLOADED, "too many requests wait at the leader", e)));
    }
  }

  private Optional<QuorateException> problemAt(HostPort address) {
    try {
      connect.accept(address);
      return Optional.empty();
    } catch (QuorateException e) {
      return Optional.of(
          new QuorateException(
              e.code(),
              "%s; the node reaches this one, but not the other way: its --peer-addr must be open to all members"
                  .formatted(e.getMessage()),
              e));
    }
  }
}
