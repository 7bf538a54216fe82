package io.quorate.server.tx;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.store.ReadView;

/** Reads the catalog that a view shows. Thread-safe and cheap. */
@FunctionalInterface
public interface Catalogs {
  Catalog of(ReadView view);
}
