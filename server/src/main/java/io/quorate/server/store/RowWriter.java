package io.quorate.server.store;

/** Takes the changes of one revision. The arrays are the store's from then on. */
public interface RowWriter {

  void put(int table, byte[] key, byte[] row);

  /** Removes a row, or nothing where there is none. */
  void delete(int table, byte[] key);

  /** Removes all rows of a table; costs its inner pages, not its rows. */
  void clear(int table);
}
