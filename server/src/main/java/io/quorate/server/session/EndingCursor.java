package io.quorate.server.session;

/** A cursor with something that ends with it. */
record EndingCursor(OpenCursor rows, Runnable end) implements OpenCursor {
  @Override
  public Page next(int rowsMax) {
    return rows.next(rowsMax);
  }

  @Override
  public boolean namesValues() {
    return rows.namesValues();
  }

  @Override
  public byte[] readValue(long id, long offset, int countMax) {
    return rows.readValue(id, offset, countMax);
  }

  @Override
  public void close() {
    try {
      rows.close();
    } finally {
      end.run();
    }
  }
}
