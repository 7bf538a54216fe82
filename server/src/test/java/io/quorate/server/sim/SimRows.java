package io.quorate.server.sim;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.server.replica.Replica;
import io.quorate.sql.store.ReadView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a replica's rows in the form that the model keeps. */
final class SimRows {
  private static final int TABLES = 3;

  private SimRows() {}

  static Map<ByteString, ByteString> all(Replica replica) {
    Map<ByteString, ByteString> rows = new HashMap<>();
    try (ReadView view = replica.readView()) {
      for (int table = 0; table < TABLES; table++) {
        ReadView.RowCursor cursor = view.scan(table, Optional.empty(), Optional.empty());
        while (cursor.next()) {
          rows.put(
              ModelReplica.rowKey(
                  table, UnsafeByteOperations.unsafeWrap(cursor.key().unsafeBytes())),
              UnsafeByteOperations.unsafeWrap(cursor.row().unsafeBytes()));
        }
      }
    }
    return rows;
  }
}
