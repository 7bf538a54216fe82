package io.quorate.server.session;

import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Control;
import io.quorate.sql.parse.AdminStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands behind the statements ADMIN. Thread-safe. */
public interface NodeAdministration {

  /**
   * The rows of what is shown, as {@link AdminRows} has its columns. Blocks where other nodes have
   * to be asked.
   *
   * @throws QuorateException when there is nothing of that name, or no cluster
   */
  List<@Nullable Object[]> show(AdminStatement.Show show, Control control);

  /**
   * Makes a change; one that is made already is done at once. Blocks until it is in force.
   *
   * @throws QuorateException when it is refused, or not in force in time
   */
  void change(AdminStatement change, Control control);
}
