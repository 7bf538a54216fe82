package io.quorate.server.config;

import java.time.Duration;

/**
 * What clients may cost this node. Keys {@code clients.…}.
 *
 * @param connections at once; one more is closed at once
 * @param answerStall how long a client may leave an answer untaken before it is cut off
 */
public record ClientsConfig(
    @Setting(value = "10000", count = true) int connections, @Setting("60s") Duration answerStall) {
  private static final int CONNECTIONS_MAX = 1_000_000;

  public ClientsConfig {
    ConfigException.require(
        connections > 0 && connections <= CONNECTIONS_MAX,
        "clients.connections is between 1 and %s, not %s",
        CONNECTIONS_MAX,
        connections);
    ConfigException.require(
        answerStall.toMillis() > 0 && answerStall.toHours() < 24,
        "clients.answer_stall is between 1ms and 24h, not %s",
        Quantity.format(answerStall));
  }
}
