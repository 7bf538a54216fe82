package io.quorate.server.store;

import com.google.protobuf.ByteString;

/** What the replica keeps beside the rows. Names must not begin with {@code engine.}. */
public interface SystemEntries {

  void put(String name, ByteString value);

  /** Removes an entry, or nothing where there is none. */
  void remove(String name);
}
