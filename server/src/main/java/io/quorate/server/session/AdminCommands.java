package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Control;
import io.quorate.sql.catalog.Authority;
import io.quorate.sql.parse.AdminStatement;
import io.quorate.sql.store.ReadView;
import java.util.List;

/**
 * The statements ADMIN and CHECK CLUSTER, for administrators, as the admin port is. They are of no
 * transaction: what they change is not undone by a rollback.
 */
final class AdminCommands {
  private AdminCommands() {}

  /**
   * @param revision that the session has seen; they have none of their own
   * @param repeated whether an attempt before may have done it
   */
  static Executed run(
      AdminStatement statement,
      Rooms rooms,
      String user,
      long revision,
      boolean repeated,
      Control control) {
    try (ReadView view = rooms.replica().readView()) {
      Authority.of(rooms.catalogs().of(view), user).requireUnrestricted("ADMIN");
    }
    if (statement instanceof AdminStatement.Show show) {
      return new Executed(
          AdminRows.columns(show),
          new OpenCursor.Page(rooms.administration().show(show, control), true),
          null,
          List.of(),
          Shown.of(revision));
    }
    try {
      rooms.administration().change(statement, control);
    } catch (QuorateException e) {
      if (!(repeated && isGone(statement, e))) {
        throw e;
      }
    }
    return Executed.updated(List.of(0L), revision);
  }

  private static boolean isGone(AdminStatement statement, QuorateException e) {
    return statement instanceof AdminStatement.RemoveNode && e.code() == ErrorCode.NODE_NOT_FOUND;
  }
}
