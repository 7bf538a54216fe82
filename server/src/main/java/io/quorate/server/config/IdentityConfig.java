package io.quorate.server.config;

import java.nio.file.Path;

/**
 * Who this node is. Keys {@code node.…}.
 *
 * @param id unique in the cluster; the name of a {@code MemberId}
 * @param data the directory that holds everything the node keeps
 * @param zone a label that readers may prefer; empty for none
 */
public record IdentityConfig(
    @Setting("n1") String id,
    @Setting("quorate-data") Path data,
    @Setting("standalone") Mode mode,
    @Setting("voter") Role role,
    @Setting("") String zone) {

  /** How the node takes part. */
  public enum Mode {
    CLUSTER,
    /** Accepts administrative commands only, until it is given a role. */
    ADMIN,
    STANDALONE
  }

  /** What the node is to its cluster when it first joins. */
  public enum Role {
    VOTER,
    /** Holds data and has no vote. */
    LEARNER,
    /** Has a vote and holds no data. */
    WITNESS
  }

  public IdentityConfig {
    ConfigException.require(
        id.matches("[A-Za-z0-9_.-]{1,64}"),
        "node.id is 1 to 64 of A-Z a-z 0-9 _ . -, not \"%s\"",
        id);
    ConfigException.require(
        zone.matches("[A-Za-z0-9_.-]{0,64}"),
        "node.zone is at most 64 of A-Z a-z 0-9 _ . -, not \"%s\"",
        zone);
    ConfigException.require(!data.toString().isEmpty(), "node.data names a directory");
  }
}
