package io.quorate.server.store;

import com.google.protobuf.ByteString;
import io.quorate.server.lang.Invariant;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/** The entries beside the rows: the replica's, and the store's own. Changed like the tables. */
final class SystemMap implements SystemEntries {
  private static final String RESERVED = "engine.";
  static final String FORMAT = RESERVED + "format";
  static final String REVISION = RESERVED + "revision";
  static final String TABLES = RESERVED + "tables";
  static final String LOADING = RESERVED + "loading";
  static final String HASHES = RESERVED + "hashes";
  static final String MARKS = RESERVED + "marks";

  private final MVMap<byte[], byte[]> map;

  SystemMap(MVMap<byte[], byte[]> map) {
    this.map = map;
  }

  @Override
  public void put(String name, ByteString value) {
    requireOfReplica(name);
    map.put(bytes(name), value.toByteArray());
  }

  @Override
  public void remove(String name) {
    requireOfReplica(name);
    map.remove(bytes(name));
  }

  private static void requireOfReplica(String name) {
    Invariant.check(!name.startsWith(RESERVED), "the entry %s is the store's own", name);
  }

  Optional<ByteString> find(String name) {
    byte @Nullable [] value = map.get(bytes(name));
    return value == null ? Optional.empty() : Optional.of(ByteString.copyFrom(value));
  }

  /** All entries of the replica. */
  SortedMap<String, ByteString> all() {
    SortedMap<String, ByteString> found = new TreeMap<>();
    Cursor<byte[], byte[]> cursor = map.cursor(null);
    while (cursor.hasNext()) {
      String name = new String(cursor.next(), StandardCharsets.UTF_8);
      if (!name.startsWith(RESERVED)) {
        found.put(name, ByteString.copyFrom(cursor.getValue()));
      }
    }
    return found;
  }

  void set(String name, long value) {
    map.put(bytes(name), ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  void set(String name, byte[] value) {
    map.put(bytes(name), value);
  }

  void unset(String name) {
    map.remove(bytes(name));
  }

  void clear() {
    map.clear();
  }

  boolean has(String name) {
    return map.containsKey(bytes(name));
  }

  byte[] requireBytes(String name) {
    byte @Nullable [] value = map.get(bytes(name));
    if (value == null) {
      throw new StoreDamagedException("the store has no " + name);
    }
    return value;
  }

  long require(String name) {
    byte[] value = requireBytes(name);
    if (value.length != Long.BYTES) {
      throw new StoreDamagedException("the store has no sound " + name);
    }
    return ByteBuffer.wrap(value).getLong();
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
