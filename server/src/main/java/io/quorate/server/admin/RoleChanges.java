package io.quorate.server.admin;

import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;

/** Makes of a node what it is told to be. Thread-safe. */
public interface RoleChanges {

  /**
   * Begins what {@link RoleMatrix} allows. Blocks until it is in force, or, where the node has to
   * begin again for it, until nothing is in its way any more; the node begins again then, and who
   * asks the admin port meanwhile waits.
   *
   * @param from what the node is
   * @throws QuorateException when it cannot be; the node is what it was then
   */
  void become(NodeRecord.Role from, RoleRequest request, Deadline deadline, CancelFlag cancel);
}
