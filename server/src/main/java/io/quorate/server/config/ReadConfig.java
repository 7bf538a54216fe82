package io.quorate.server.config;

import java.time.Duration;

/**
 * How a node knows how fresh its rows are, and which others are there. Keys {@code reads.…}.
 *
 * @param probeInterval how often it asks the leader how far the log reaches, and every other member
 *     how it is
 * @param boundedWait how long a read at level BOUNDED waits on a node that is too old
 * @param quorateWindow how long after a sign of a majority an answer says that there is one
 */
public record ReadConfig(
    @Setting("200ms") Duration probeInterval,
    @Setting("1s") Duration boundedWait,
    @Setting("2s") Duration quorateWindow) {

  public ReadConfig {
    ConfigException.require(
        probeInterval.toMillis() >= 10 && probeInterval.toSeconds() < 60,
        "reads.probe_interval is between 10ms and 60s, not %s",
        Quantity.format(probeInterval));
    ConfigException.require(
        boundedWait.toMillis() > 0 && boundedWait.toHours() < 1,
        "reads.bounded_wait is between 1ms and 1h, not %s",
        Quantity.format(boundedWait));
    ConfigException.require(
        quorateWindow.compareTo(probeInterval.multipliedBy(3)) > 0,
        "reads.quorate_window %s is not more than 3 times reads.probe_interval %s",
        Quantity.format(quorateWindow),
        Quantity.format(probeInterval));
  }
}
