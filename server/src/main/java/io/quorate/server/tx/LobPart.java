package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a large value that comes in ahead of the statement that puts it into a row. Parts come
 * in order, each a write of its own; one that comes again changes nothing. Immutable.
 */
public final class LobPart {
  private final long id;
  private final long offset;
  private final byte[] bytes;
  private final boolean last;

  /**
   * @param id that the client has drawn
   * @param offset in the value
   * @param bytes some whole chunks, except for the last part; taken over
   * @param last whether the value ends with it
   */
  public LobPart(long id, long offset, byte[] bytes, boolean last) {
    boolean whole = offset % LobKeys.CHUNK_BYTES == 0;
    if (id <= 0 || offset < 0 || !whole || (!last && bytes.length % LobKeys.CHUNK_BYTES != 0)) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER,
          "a large value comes in parts of "
              + LobKeys.CHUNK_BYTES
              + " bytes or a multiple of them, but for the last: "
              + bytes.length
              + " at "
              + offset);
    }
    this.id = id;
    this.offset = offset;
    this.bytes = bytes;
    this.last = last;
  }

  public long id() {
    return id;
  }

  public long offset() {
    return offset;
  }

  /** Not to be changed. */
  public byte[] unsafeBytes() {
    return bytes;
  }

  public boolean last() {
    return last;
  }

  /** What it adds to what the view shows. */
  Plan.Changes changes(ReadView view) {
    RowKey key = LobKeys.staged(id);
    Row seen = view.find(LobKeys.REGISTER, key).orElse(null);
    LobKeys.Staged before =
        seen == null ? new LobKeys.Staged(0, false) : LobKeys.Staged.decode(seen);
    LobKeys.Staged after = new LobKeys.Staged(offset + bytes.length, last);
    boolean repeated =
        seen != null && after.byteCount() <= before.byteCount() && (before.whole() || !last);
    if (!repeated) {
      require(view, seen, before);
    }
    List<StoreChange> changes = new ArrayList<>();
    // What was seen is locked, so that nobody takes the value away while its parts come.
    changes.add(new StoreChange(LobKeys.REGISTER, key, seen, repeated ? seen : after.encode()));
    if (!repeated) {
      addChunks(changes);
    }
    return new Plan.Changes(0, changes, List.of());
  }

  private void require(ReadView view, @Nullable Row seen, LobKeys.Staged before) {
    if (offset != before.byteCount() || before.whole()) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER,
          "a part at "
              + offset
              + " of a large value that has come as far as "
              + before.byteCount()
              + (seen == null ? " or is gone" : "")
              + ": send it from the beginning");
    }
    if (seen == null && view.find(LobKeys.CHUNKS, LobKeys.chunk(id, 0)).isPresent()) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER, "another large value has the number " + id);
    }
  }

  private void addChunks(List<StoreChange> changes) {
    int number = Math.toIntExact(offset / LobKeys.CHUNK_BYTES);
    for (int from = 0; from < bytes.length; from += LobKeys.CHUNK_BYTES, number++) {
      int to = Math.min(bytes.length, from + LobKeys.CHUNK_BYTES);
      Row chunk = Row.wrap(Arrays.copyOfRange(bytes, from, to));
      changes.add(new StoreChange(LobKeys.CHUNKS, LobKeys.chunk(id, number), null, chunk));
    }
  }
}
