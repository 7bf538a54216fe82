package io.quorate.server.session;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.plan.SessionCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers of SHOW. */
final class SettingRows {
  private static final SqlType TEXT = SqlType.of(SqlType.Name.VARCHAR);

  private SettingRows() {}

  static List<ResultColumn> columns(SessionCommand.Show show) {
    return show.name().isPresent()
        ? List.of(text(show.name().get()))
        : List.of(text("NAME"), text("SETTING"));
  }

  private static ResultColumn text(String label) {
    return new ResultColumn(label, TEXT, false, "", "", "");
  }

  static Executed answer(SessionCommand.Show show, Settings settings, long revision) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (show.name().isPresent()) {
      rows.add(new @Nullable Object[] {settings.get(show.name().get())});
    } else {
      settings.all().forEach((name, value) -> rows.add(new @Nullable Object[] {name, value}));
    }
    return new Executed(
        columns(show), new OpenCursor.Page(rows, true), null, List.of(), Shown.of(revision));
  }
}
