package io.quorate.server.tx;

import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is set for the whole cluster, by name: rows of store table {@link #STORE_TABLE}, which the
 * log carries to all replicas as any others.
 *
 * <pre>
 * key   name in UTF-8
 * row   format, value in UTF-8
 * </pre>
 *
 * Stateless.
 */
public final class ClusterSettings {
  /** Where the rows lie, in every cluster. */
  public static final int STORE_TABLE = 6;

  private static final byte FORMAT = 1;

  private ClusterSettings() {}

  /** The value; empty where nothing was set, or a later version has written it in its own form. */
  public static Optional<String> find(ReadView view, String name) {
    return view.find(STORE_TABLE, key(name))
        .map(Row::unsafeBytes)
        .filter(row -> row[0] == FORMAT)
        .map(row -> new String(row, 1, row.length - 1, StandardCharsets.UTF_8));
  }

  /** Sets a value, where this node leads. Blocks as writes do. */
  public static void set(Transactions transactions, String name, String value, Control control) {
    Evaluation evaluation =
        transactions.ofSystem(view -> new Plan.Changes(0, changes(view, name, value), List.of()));
    var unused = transactions.write(List.of(evaluation), Request.UNNAMED, control);
  }

  private static List<StoreChange> changes(ReadView view, String name, String value) {
    @Nullable Row seen = view.find(STORE_TABLE, key(name)).orElse(null);
    Row next = row(value);
    return Objects.equals(seen, next)
        ? List.of()
        : List.of(new StoreChange(STORE_TABLE, key(name), seen, next));
  }

  static RowKey key(String name) {
    return RowKey.wrap(name.getBytes(StandardCharsets.UTF_8));
  }

  static Row row(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    byte[] row = new byte[1 + text.length];
    row[0] = FORMAT;
    System.arraycopy(text, 0, row, 1, text.length);
    return Row.wrap(row);
  }
}
