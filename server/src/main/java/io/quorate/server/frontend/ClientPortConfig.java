package io.quorate.server.frontend;

import io.quorate.server.config.ClientsConfig;
import io.quorate.server.config.HostPort;
import io.quorate.server.tls.NodeTls;
import java.util.Optional;

/**
 * What a client port is told.
 *
 * @param tls empty for plain text
 */
public record ClientPortConfig(HostPort address, Optional<NodeTls> tls, PortLimits limits) {

  public static ClientPortConfig of(
      HostPort address, Optional<NodeTls> tls, ClientsConfig clients) {
    return new ClientPortConfig(
        address,
        tls,
        PortLimits.DEFAULT
            .withConnections(clients.connections())
            .withAnswerStall(clients.answerStall()));
  }
}
