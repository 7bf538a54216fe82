package io.quorate.server;

import io.quorate.server.config.ConfigException;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig.Mode;
import io.quorate.server.config.IdentityConfig.Role;
import io.quorate.server.config.NodeConfig;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an administrator has made of the node while it ran. Kept in its data directory, it wins over
 * the configuration. Immutable.
 *
 * @param role in its cluster
 * @param contacts peer addresses of members, for a node that has left its cluster
 * @param left whether the node is no member, and must enter before it takes part
 * @param alone whether the node is, or was when it left, the only one of its cluster
 * @param leads whether the node is to take the leadership over as soon as it takes part
 */
record AssignedRole(
    Mode mode, Role role, List<HostPort> contacts, boolean left, boolean alone, boolean leads) {
  AssignedRole {
    contacts = List.copyOf(contacts);
  }

  /** The same, of a node that takes part. */
  AssignedRole entered() {
    return new AssignedRole(mode, role, contacts, false, alone && !left, leads);
  }

  /** The same, and the leadership is settled. */
  AssignedRole settled() {
    return new AssignedRole(mode, role, contacts, left, alone, false);
  }

  /** The configuration of a node of that name in this role. */
  NodeConfig in(NodeConfig config, String name) {
    boolean enters = mode == Mode.CLUSTER && left;
    return config.as(
        name, mode, mode == Mode.CLUSTER ? role : Role.VOTER, enters ? contacts : List.of());
  }

  String toText() {
    return "mode=%s%nrole=%s%ncontacts=%s%nleft=%s%nalone=%s%nleads=%s%n"
        .formatted(
            mode.name().toLowerCase(Locale.ROOT),
            role.name().toLowerCase(Locale.ROOT),
            contacts.stream().map(HostPort::toString).collect(Collectors.joining(",")),
            left,
            alone,
            leads);
  }

  /**
   * Reads what {@link #toText} has written.
   *
   * @throws IllegalArgumentException when it is not that
   */
  static AssignedRole of(Properties kept) {
    try {
      return new AssignedRole(
          Mode.valueOf(kept.getProperty("mode", "").toUpperCase(Locale.ROOT)),
          Role.valueOf(kept.getProperty("role", "").toUpperCase(Locale.ROOT)),
          Stream.of(kept.getProperty("contacts", "").split(",", -1))
              .filter(address -> !address.isEmpty())
              .map(HostPort::parse)
              .toList(),
          Boolean.parseBoolean(kept.getProperty("left")),
          Boolean.parseBoolean(kept.getProperty("alone")),
          Boolean.parseBoolean(kept.getProperty("leads")));
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
