package io.quorate.server.store;

import java.util.Arrays;
import org.h2.mvstore.MVMap;

/**
 * The tables that exist, each with a slot of its own, in order of creation. Immutable: a new table
 * makes a new object, which is rare; finding a slot, which is not, is one probe of an array.
 */
final class Tables {
  static final int ABSENT = -1;
  static final Tables NONE = new Tables(new int[0], emptyMaps(0));

  private final int[] ids;
  private final MVMap<byte[], byte[]>[] maps;

  /** Slot + 1 by hashed id, 0 where free; at most half full. */
  private final int[] slots;

  private Tables(int[] ids, MVMap<byte[], byte[]>[] maps) {
    this.ids = ids;
    this.maps = maps;
    this.slots = new int[Integer.highestOneBit(Math.max(4, ids.length)) * 4];
    for (int slot = 0; slot < ids.length; slot++) {
      int probe = hash(ids[slot]);
      while (slots[probe] != 0) {
        probe = (probe + 1) & (slots.length - 1);
      }
      slots[probe] = slot + 1;
    }
  }

  /** These tables and one more, in the last slot. */
  Tables with(int id, MVMap<byte[], byte[]> map) {
    int[] newIds = Arrays.copyOf(ids, ids.length + 1);
    MVMap<byte[], byte[]>[] newMaps = Arrays.copyOf(maps, ids.length + 1);
    newIds[ids.length] = id;
    newMaps[ids.length] = map;
    return new Tables(newIds, newMaps);
  }

  int slotOf(int id) {
    int probe = hash(id);
    while (true) {
      int slot = slots[probe] - 1;
      if (slot < 0 || ids[slot] == id) {
        return slot;
      }
      probe = (probe + 1) & (slots.length - 1);
    }
  }

  int count() {
    return ids.length;
  }

  int id(int slot) {
    return ids[slot];
  }

  MVMap<byte[], byte[]> map(int slot) {
    return maps[slot];
  }

  private int hash(int id) {
    return ((id * 0x9E3779B9) >>> 16) & (slots.length - 1);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static MVMap<byte[], byte[]>[] emptyMaps(int count) {
    return new MVMap[count];
  }
}
