package io.quorate.server.tx;

import java.time.Duration;

/**
 * The bounds of transactions.
 *
 * @param lockTimeout a statement waits for one lock no longer
 * @param idleTimeout a transaction in which nothing happens for longer is rolled back
 * @param transactionsMax open ones; each pins a view and may hold locks
 */
public record TxConfig(Duration lockTimeout, Duration idleTimeout, int transactionsMax) {
  /** Transactions are as many as sessions, and ones that wait for a human should not be there. */
  public static final TxConfig DEFAULT =
      new TxConfig(Duration.ofSeconds(10), Duration.ofMinutes(5), 2000);
}
