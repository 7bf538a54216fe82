package io.quorate.server.session;

import io.quorate.server.tx.Control;
import io.quorate.sql.parse.AdminStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows nothing, and changes nothing. */
final class FakeAdministration implements NodeAdministration {
  @Override
  public List<@Nullable Object[]> show(AdminStatement.Show show, Control control) {
    return List.of();
  }

  @Override
  public void change(AdminStatement change, Control control) {
    throw new AssertionError("nobody asked for " + change);
  }
}
