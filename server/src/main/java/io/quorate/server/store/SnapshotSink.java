package io.quorate.server.store;

import com.google.protobuf.ByteString;

/** Takes what a snapshot holds, in the order of the stream; damage may show after any call. */
interface SnapshotSink {

  /** The first call. */
  void begin(long revision);

  void entry(String name, ByteString value);

  /** Rows ascend by table and key. */
  void row(int table, byte[] key, byte[] row);
}
