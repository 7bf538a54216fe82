package io.quorate.server.session;

import io.quorate.sql.exec.SequenceValues;

/** Where a query takes values of sequences from. */
interface Drawing {
  /** For a query that takes none. */
  Drawing NONE =
      new Drawing() {
        @Override
        public SequenceValues values() {
          return SequenceValues.NONE;
        }

        @Override
        public void settle() {}
      };

  SequenceValues values();

  /** Waits until nobody else can get the values that were taken; called before rows go out. */
  void settle();
}
