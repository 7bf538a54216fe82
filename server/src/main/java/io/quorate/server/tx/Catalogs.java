package io.quorate.server.tx;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.store.ReadView;
import org.jspecify.annotations.Nullable;

/** Reads the catalog that a view shows. Thread-safe and cheap. */
@FunctionalInterface
public interface Catalogs {
  Catalog of(ReadView view);

  /** As {@link #of} if that takes no reading of definitions; null if it does. */
  default @Nullable Catalog ofKnown(ReadView view) {
    return of(view);
  }
}
