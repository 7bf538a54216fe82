package io.quorate.server.admin;

import io.quorate.server.config.ConfigException;
import io.quorate.server.config.NetworkConfig;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.security.ClusterSecret;
import io.quorate.server.security.RootTokens;
import io.quorate.server.security.TokenEntrance;
import io.quorate.server.tls.NodeTls;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How an admin port is opened, whoever it answers for.
 *
 * @param insidb whether InsiDB's GET is answered that lets a node join
 * @param tls empty for plain text
 * @param tokens lets in who shows a token instead of a password
 */
public record AdminPortConfig(
    NetworkConfig network, boolean insidb, Optional<NodeTls> tls, TokenEntrance tokens) {

  /**
   * What the configuration of a node describes.
   *
   * @param tls what the node speaks
   * @throws ConfigException when the secret does not do
   */
  public static AdminPortConfig of(NodeConfig config, Optional<NodeTls> tls, InstantSource clock) {
    Optional<RootTokens> tokens =
        Optional.ofNullable(config.cluster().secretFile())
            .map(file -> new RootTokens(ClusterSecret.read(file)));
    return new AdminPortConfig(
        config.network(),
        config.compat().insidb(),
        tls,
        new TokenEntrance(tokens, tls.isPresent(), clock));
  }
}
