package io.quorate.sql.exec;

import io.quorate.sql.codec.TableCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table as those who write its rows see it, with all that binds them. */
public interface WrittenTable {
  TableCodec codec();

  /** For the rows that come in one execution. */
  RowChecks checks(ExecutionContext context);

  /** The foreign keys of its own rows. */
  List<ForeignKey> references();

  /** The foreign keys to its rows, its own among them. */
  List<ForeignKey> referrers();

  /** Another table, by its id, or this one. */
  WrittenTable other(int table);

  /** What a column gets by SET DEFAULT. */
  @Nullable Object defaultOf(int column, ExecutionContext context);
}
