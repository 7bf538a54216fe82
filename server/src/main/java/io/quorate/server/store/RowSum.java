package io.quorate.server.store;

/** A sum of rows' terms. Confined, or guarded by whoever has it. */
final class RowSum {
  private long high;
  private long low;

  void add(RowMixer row) {
    high += row.high();
    low += row.low();
  }

  void subtract(RowMixer row) {
    high -= row.high();
    low -= row.low();
  }

  void add(StateHash rows) {
    high += rows.high();
    low += rows.low();
  }

  void subtract(StateHash rows) {
    high -= rows.high();
    low -= rows.low();
  }

  StateHash hash() {
    return new StateHash(high, low);
  }
}
