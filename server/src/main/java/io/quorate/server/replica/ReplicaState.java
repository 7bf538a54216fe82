package io.quorate.server.replica;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.server.lang.Invariant;
import io.quorate.server.store.CheckpointedState;
import io.quorate.server.store.SystemEntries;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the replica remembers beside the rows: the epoch in force and the requests that have run. It
 * stands in the same store version as the rows of its revision, or a restart would run a request
 * twice.
 *
 * <p>Confined to the apply thread; {@link #writeTo} runs with the applier shut out. Requests go
 * into the store at a checkpoint, in blocks of new ones only, so a write costs nothing here but
 * memory.
 */
class ReplicaState implements CheckpointedState {
  private static final String EPOCH = "replica.epoch";
  private static final String FLOOR = "replica.requests.floor";
  private static final String BLOCK = "replica.requests.block.";

  /** Requests of one stored block: about 33 KB. */
  private static final int BLOCK_REQUESTS = 1024;

  private final RequestWindow requests;
  private long epoch;

  /** Requests up to this revision are in stored blocks. */
  private long blocksUpTo;

  /** A stored block's last revision, by key, for dropping those that are forgotten. */
  private final SortedMap<String, Long> blocks = new TreeMap<>();

  ReplicaState(int requestsRemembered) {
    this.requests = new RequestWindow(requestsRemembered);
  }

  RequestWindow requests() {
    return requests;
  }

  long epoch() {
    return epoch;
  }

  /** Begins a leadership: commands of earlier ones have no effect from here on. */
  void beginEpoch(long next) {
    Invariant.check(next > epoch, "epoch %s follows %s", next, epoch);
    epoch = next;
  }

  @Override
  public void writeTo(SystemEntries entries) {
    entries.put(EPOCH, encode(epoch));
    entries.put(FLOOR, encode(requests.floor()));
    int fresh = requests.countBehind(blocksUpTo);
    for (int from = requests.size() - fresh; from < requests.size(); from += BLOCK_REQUESTS) {
      int count = Math.min(BLOCK_REQUESTS, requests.size() - from);
      long last = requests.revisionAt(from + count - 1);
      String key = blockKey(from + count - 1);
      entries.put(key, encodeBlock(from, count));
      blocks.put(key, last);
      blocksUpTo = last;
    }
    Iterator<Map.Entry<String, Long>> oldest = blocks.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<String, Long> block = oldest.next();
      if (block.getValue() > requests.floor()) {
        break;
      }
      entries.remove(block.getKey());
      oldest.remove();
    }
  }

  /** All of it, as {@link #restore} takes it, for a snapshot. */
  SortedMap<String, ByteString> snapshot() {
    SortedMap<String, ByteString> entries = new TreeMap<>();
    entries.put(EPOCH, encode(epoch));
    entries.put(FLOOR, encode(requests.floor()));
    for (int from = 0; from < requests.size(); from += BLOCK_REQUESTS) {
      int count = Math.min(BLOCK_REQUESTS, requests.size() - from);
      entries.put(blockKey(from + count - 1), encodeBlock(from, count));
    }
    return entries;
  }

  /** Takes over what {@link #writeTo} wrote; an empty map is the state of an empty store. */
  void restore(SortedMap<String, ByteString> entries) {
    blocks.clear();
    blocksUpTo = 0;
    epoch = decode(entries.get(EPOCH));
    requests.replace(() -> restoreRequests(entries));
  }

  private void restoreRequests(SortedMap<String, ByteString> entries) {
    requests.restoreFloor(decode(entries.get(FLOOR)));
    entries
        .tailMap(BLOCK)
        .forEach(
            (key, block) -> {
              if (key.startsWith(BLOCK)) {
                requests.decode(block.asReadOnlyByteBuffer());
                long last = Long.parseLong(key.substring(BLOCK.length()), 16);
                blocks.put(key, last);
                blocksUpTo = last;
              }
            });
  }

  private ByteString encodeBlock(int from, int count) {
    return UnsafeByteOperations.unsafeWrap(requests.encode(from, count));
  }

  private String blockKey(int lastOfBlock) {
    return BLOCK + String.format("%016x", requests.revisionAt(lastOfBlock));
  }

  private static ByteString encode(long value) {
    return UnsafeByteOperations.unsafeWrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static long decode(@Nullable ByteString value) {
    return value == null ? 0 : value.asReadOnlyByteBuffer().getLong();
  }
}
