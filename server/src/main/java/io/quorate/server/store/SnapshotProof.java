package io.quorate.server.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a snapshot's rows, as they pass, and the entry of the snapshot that says what it is.
 * Confined. A snapshot of an earlier version has no such entry, nor has that of a witness.
 */
public final class SnapshotProof {
  static final String HASH = "state.hash";
  static final String MARKS = "state.marks";

  private final RowMixer mixer = new RowMixer();
  private final RowSum sum = new RowSum();
  private @Nullable StateHash told;

  SnapshotProof() {}

  /** The entries that go with a snapshot of the view. */
  public static Map<String, ByteString> entries(StoreView view) {
    ByteBuffer hash = ByteBuffer.allocate(2 * Long.BYTES);
    hash.putLong(view.hash().high()).putLong(view.hash().low()).flip();
    return Map.of(HASH, UnsafeByteOperations.unsafeWrap(hash), MARKS, view.marks().encode());
  }

  void row(int table, byte[] key, byte[] row) {
    mixer.mix(table, key, row);
    sum.add(mixer);
  }

  void entry(String name, ByteString value) {
    if (name.equals(HASH)) {
      if (value.size() != 2 * Long.BYTES) {
        throw new StoreDamagedException("the snapshot has a hash of " + value.size() + " bytes");
      }
      ByteBuffer hash = value.asReadOnlyByteBuffer();
      told = new StateHash(hash.getLong(), hash.getLong());
    }
  }

  /** Of the rows that have passed. */
  StateHash hash() {
    return sum.hash();
  }

  /**
   * Passes where all rows have passed that the snapshot says it has.
   *
   * @throws StoreDamagedException elsewhere
   */
  void requireSound() {
    StateHash expected = told;
    if (expected != null && !expected.equals(hash())) {
      throw new StoreDamagedException(
          "the rows of the snapshot have the hash %s, and were written with %s"
              .formatted(hash(), expected));
    }
  }
}
