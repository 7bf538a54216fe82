package io.quorate.server.tx;

import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A member as the cluster knows it by a number, and its row in store table {@link #STORE_TABLE}.
 *
 * <pre>
 * key   id as 4 bytes
 * row   format, services as a byte, member, client address, admin address, peer address
 * </pre>
 *
 * A text is its number of UTF-8 bytes as 4 bytes and those. No row is ever removed: who has left
 * does nothing any more, and keeps its id.
 *
 * @param id from 1; 0 of one that has none yet
 * @param member name and number of its data directory
 * @param services {@link #DATA} and {@link #META}, added; 0 of one that is no member any more
 * @param clientAddress empty where it is not known, as the others
 */
public record ServerEntry(
    int id,
    String member,
    int services,
    String clientAddress,
    String adminAddress,
    String peerAddress) {
  /** Where the rows lie, in every cluster. */
  public static final int STORE_TABLE = 5;

  /** It holds tables. */
  public static final int DATA = 1;

  /** It votes. */
  public static final int META = 2;

  private static final byte FORMAT = 1;

  /** Whether it does anything of {@code service}. */
  public boolean serves(int service) {
    return (services & service) != 0;
  }

  boolean hasAddresses() {
    return Stream.of(clientAddress, adminAddress, peerAddress).noneMatch(String::isEmpty);
  }

  /** The same as a member with that id. */
  ServerEntry withId(int given) {
    return new ServerEntry(given, member, services, clientAddress, adminAddress, peerAddress);
  }

  /** Once it has left. */
  ServerEntry gone() {
    return new ServerEntry(id, member, 0, "", "", "");
  }

  RowKey key() {
    return RowKey.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
  }

  Row toRow() {
    List<byte[]> texts =
        Stream.of(member, clientAddress, adminAddress, peerAddress)
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();
    int bytes = texts.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
    ByteBuffer row = ByteBuffer.allocate(2 + bytes).put(FORMAT).put((byte) services);
    texts.forEach(text -> row.putInt(text.length).put(text));
    return Row.wrap(row.array());
  }

  /**
   * The entries of the view, by their ids; empty where one is of a later format, whose writer knows
   * better than this version.
   */
  public static Optional<List<ServerEntry>> readAll(ReadView view) {
    List<ServerEntry> entries = new ArrayList<>();
    ReadView.RowCursor rows = view.scan(STORE_TABLE, Optional.empty(), Optional.empty());
    while (rows.next()) {
      ByteBuffer row = ByteBuffer.wrap(rows.row().unsafeBytes());
      if (row.get() != FORMAT) {
        return Optional.empty();
      }
      int services = row.get();
      entries.add(
          new ServerEntry(
              ByteBuffer.wrap(rows.key().unsafeBytes()).getInt(),
              takeText(row),
              services,
              takeText(row),
              takeText(row),
              takeText(row)));
    }
    return Optional.of(entries);
  }

  private static String takeText(ByteBuffer row) {
    byte[] text = new byte[row.getInt()];
    row.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
