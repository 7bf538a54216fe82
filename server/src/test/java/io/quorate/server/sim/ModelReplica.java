package io.quorate.server.sim;

import com.google.protobuf.ByteString;
import io.quorate.server.format.Command;
import io.quorate.server.format.RowChange;
import io.quorate.server.lang.Outcome.Code;
import io.quorate.server.lang.RequestId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a replica must be at each revision, computed the plain way: it forgets no request, and knows
 * from the count alone which ones a bounded window has forgotten. The second road to every fact
 * that the simulator checks.
 */
final class ModelReplica {
  /** The state after one entry. */
  record At(Map<ByteString, ByteString> rows, long epoch, long floor) {}

  /** Where a request was first applied, and what its entry came to. */
  record Result(long index, Code code) {}

  private final int windowCapacity;
  private final Map<ByteString, ByteString> rows = new HashMap<>();
  private final Map<RequestId, Long> firstApplied = new HashMap<>();
  private final List<Long> appliedInOrder = new ArrayList<>();
  private final Map<Long, Result> results = new HashMap<>();
  private long epoch;
  private long index;

  ModelReplica(int windowCapacity) {
    this.windowCapacity = windowCapacity;
  }

  long index() {
    return index;
  }

  At now() {
    return new At(new HashMap<>(rows), epoch, floor());
  }

  /** The row at that place; empty where there is none. */
  ByteString now(ByteString place) {
    return rows.getOrDefault(place, ByteString.EMPTY);
  }

  /** Whether the entry at {@code at} carries a request. */
  boolean hasResult(long at) {
    return results.containsKey(at);
  }

  /** What the entry at {@code at} came to; only for entries that carry a request. */
  Result resultOf(long at) {
    Result result = results.get(at);
    if (result == null) {
      throw new AssertionError("no request stands at " + at);
    }
    return result;
  }

  /** Times a request had an effect: at most once. */
  boolean hasRun(RequestId request) {
    return firstApplied.containsKey(request);
  }

  private long floor() {
    int forgotten = appliedInOrder.size() - windowCapacity;
    return forgotten <= 0 ? 0 : appliedInOrder.get(forgotten - 1);
  }

  void apply(SimLog.Entry entry) {
    index = entry.index();
    if (entry.command() == null) {
      return;
    }
    Command command = entry.parsed();
    if (command.hasEpochStart()) {
      epoch = command.getEpoch();
      return;
    }
    RequestId request =
        new RequestId(command.getRequest().getClient(), command.getRequest().getSequence());
    Long first = firstApplied.get(request);
    if (first != null && first > floor()) {
      results.put(index, new Result(first, Code.APPLIED));
    } else if (command.getBase() < floor()) {
      results.put(index, new Result(index, Code.EXPIRED));
    } else if (command.getEpoch() != epoch) {
      results.put(index, new Result(index, Code.FENCED));
    } else {
      if (first != null) {
        throw new AssertionError(
            "request " + request + " would run twice: " + first + ", " + index);
      }
      run(request, command);
    }
  }

  private void run(RequestId request, Command command) {
    for (int table : command.getWriteSet().getClearedTablesList()) {
      rows.keySet().removeIf(key -> key.byteAt(0) == (byte) table);
    }
    for (RowChange change : command.getWriteSet().getChangesList()) {
      ByteString key = rowKey(change.getTable(), change.getKey());
      if (change.hasPut()) {
        rows.put(key, change.getPut());
      } else {
        rows.remove(key);
      }
    }
    firstApplied.put(request, index);
    appliedInOrder.add(index);
    results.put(index, new Result(index, Code.APPLIED));
  }

  /** A row's place: its table in front of its key. */
  static ByteString rowKey(int table, ByteString key) {
    return ByteString.copyFrom(new byte[] {(byte) table}).concat(key);
  }
}
