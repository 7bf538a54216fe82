package io.quorate.server.lang;

/**
 * A row of SHOW SERVERS: one thing that one member does for the cluster.
 *
 * @param service {@link #DATA_NODES} or {@link #META_NODES}
 * @param id of the member, from 1; never another one's
 * @param httpAddress its client address, or of the consensus its admin address
 * @param tcpAddress where members reach it
 */
public record ServerRow(String service, long id, String httpAddress, String tcpAddress) {
  /** Those that hold tables. */
  public static final String DATA_NODES = "data_nodes";

  /** Those that vote. */
  public static final String META_NODES = "meta_nodes";
}
