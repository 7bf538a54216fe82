package io.quorate.server.store;

import com.google.protobuf.ByteString;
import java.util.Arrays;

/**
 * What a file says of itself beside the rows: written into the version that it is of, held against
 * the rows when the file is opened. Guarded by the engine's applier lock.
 */
final class StoreHeader {
  private static final int FORMAT = 1;

  private final SystemMap system;
  private final TableWriter tables;

  StoreHeader(MvFile file) {
    this.system = file.system();
    this.tables = file.tables();
  }

  /** That of an empty store. */
  void begin() {
    system.set(SystemMap.FORMAT, FORMAT);
    write(0, StateMarks.NONE);
  }

  /** Of the tables as they are now. */
  void write(long revision, StateMarks marks) {
    system.set(SystemMap.REVISION, revision);
    system.set(SystemMap.TABLES, tables.rowCounts());
    system.set(SystemMap.HASHES, tables.hashes());
    system.set(SystemMap.MARKS, marks.encode().toByteArray());
  }

  /**
   * The revision of a file that was closed whole.
   *
   * @throws StoreDamagedException when it is none
   */
  long requireSound() {
    if (system.require(SystemMap.FORMAT) != FORMAT) {
      throw new StoreDamagedException(
          "the store has the format " + system.require(SystemMap.FORMAT));
    }
    if (system.has(SystemMap.LOADING)) {
      throw new StoreDamagedException("the load of a snapshot was not finished");
    }
    if (!Arrays.equals(system.requireBytes(SystemMap.TABLES), tables.rowCounts())) {
      throw new StoreDamagedException("a table is missing or has lost its root");
    }
    return system.require(SystemMap.REVISION);
  }

  /**
   * Goes on with the hashes of the tables, and returns the marks. Of a file of a version that knew
   * neither all rows are read, once: what they are then is what later changes are held against.
   */
  StateMarks restoreHashes() {
    if (!system.has(SystemMap.HASHES)) {
      tables.computeHashes();
      return StateMarks.NONE;
    }
    tables.restoreHashes(system.requireBytes(SystemMap.HASHES));
    return StateMarks.decode(ByteString.copyFrom(system.requireBytes(SystemMap.MARKS)));
  }

  /** From now on, until {@link #endLoad}, the file is not opened again. */
  void beginLoad(long revision) {
    system.clear();
    system.set(SystemMap.FORMAT, FORMAT);
    system.set(SystemMap.LOADING, revision);
    tables.clearAll();
  }

  void endLoad(long revision, StateMarks marks) {
    system.unset(SystemMap.LOADING);
    write(revision, marks);
  }
}
