package io.quorate.server.frontend.wire;

import io.quorate.driver.wire.Signature;
import io.quorate.sql.exec.ResultColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signatures of a connection's last results: their hash costs more than finding a row does.
 * Columns are told apart by their list, which is one object as long as its plan is. Confined as the
 * session is.
 */
final class Signatures {
  private static final int KEPT = 16;

  private @Nullable Kept @Nullable [] kept;

  private record Kept(List<ResultColumn> columns, Signature signature) {}

  @SuppressWarnings("ReferenceEquality") // comparing column by column would cost as much
  Signature of(List<ResultColumn> columns) {
    if (columns.isEmpty()) {
      return Signature.NONE;
    }
    @Nullable Kept[] all = kept;
    if (all == null) {
      all = new @Nullable Kept[KEPT];
      kept = all;
    }
    int place = System.identityHashCode(columns) & (KEPT - 1);
    Kept known = all[place];
    if (known == null || known.columns != columns) {
      known = new Kept(columns, WireForms.signature(columns));
      all[place] = known;
    }
    return known.signature;
  }
}
