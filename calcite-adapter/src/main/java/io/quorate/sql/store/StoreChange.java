package io.quorate.sql.store;

import org.jspecify.annotations.Nullable;

/**
 * One entry of the store as a statement wants it, and as it was when the statement looked. What the
 * log carries is the first; the second is what must still hold when it is written.
 *
 * @param table id of the store table: a table's, an index's or the catalog's
 * @param seen what stood under the key in the view that was read; null where nothing did
 * @param value what is to stand there; null removes the entry
 */
public record StoreChange(int table, RowKey key, @Nullable Row seen, @Nullable Row value) {}
