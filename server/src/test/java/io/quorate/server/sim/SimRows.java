package io.quorate.server.sim;

import io.quorate.server.replica.Replica;
import io.quorate.sql.store.ReadView;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a replica's rows in the form that the model keeps. */
final class SimRows {
  private static final int TABLES = 3;

  private SimRows() {}

  static Map<String, String> all(Replica replica) {
    Map<String, String> rows = new TreeMap<>();
    try (ReadView view = replica.readView()) {
      for (int table = 0; table < TABLES; table++) {
        ReadView.RowCursor cursor = view.scan(table, Optional.empty(), Optional.empty());
        while (cursor.next()) {
          rows.put(
              ModelReplica.rowKey(table, cursor.key().unsafeBytes()),
              HexFormat.of().formatHex(cursor.row().unsafeBytes()));
        }
      }
    }
    return rows;
  }
}
