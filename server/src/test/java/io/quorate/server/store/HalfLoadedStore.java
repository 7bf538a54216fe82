package io.quorate.server.store;

/** A fault for the simulator to find: stores that do not remember that they were being loaded. */
public final class HalfLoadedStore {
  private HalfLoadedStore() {}

  /** Makes a store whose load was cut short look as one does whose load has ended. */
  public static void passOffAsWhole(StoreConfig config) {
    SteadyFilePath.register();
    BlockSumsPath.register();
    MvFile file =
        MvFile.open(
            config,
            cause -> {
              throw new AssertionError("the store failed", cause);
            });
    try {
      if (!file.isEmpty() && file.system().has(SystemMap.LOADING)) {
        long revision = file.system().require(SystemMap.LOADING);
        file.system().unset(SystemMap.LOADING);
        file.system().set(SystemMap.REVISION, revision);
        file.system().set(SystemMap.TABLES, file.tables().rowCounts());
        file.makeDurable(file.commit());
      }
    } finally {
      file.close();
    }
  }
}
