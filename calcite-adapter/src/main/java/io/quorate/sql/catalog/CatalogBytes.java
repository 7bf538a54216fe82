package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the row of a definition, part by part; its reader takes no byte for granted. Confined. */
final class CatalogBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  void putByte(int value) {
    out.write(value);
  }

  void putInt(int value) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  void putLong(long value) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  void putName(String name) {
    putBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  void putBytes(byte[] bytes) {
    putInt(bytes.length);
    out.writeBytes(bytes);
  }

  void putInts(List<Integer> values) {
    putInt(values.size());
    values.forEach(this::putInt);
  }

  /** Number, precision and scale; behind those of an ARRAY, the type of its elements. */
  void putType(SqlType type) {
    putByte(type.name().number());
    putInt(type.precision());
    putInt(type.scale());
    if (type.name() == SqlType.Name.ARRAY) {
      putType(type.elementType());
    }
  }

  Row toRow() {
    return Row.wrap(out.toByteArray());
  }

  static Reader read(Row row) {
    return new Reader(ByteBuffer.wrap(row.unsafeBytes()));
  }

  static void check(boolean holds, String what, Object value) {
    if (!holds) {
      throw new IllegalStateException("damaged catalog: " + what + " " + value);
    }
  }

  /** Reads such a row. Confined. */
  static final class Reader {
    private final ByteBuffer in;

    private Reader(ByteBuffer in) {
      this.in = in;
    }

    void expectFormat(int format) {
      takeFormat(format, format);
    }

    /** One of the formats from the first to the last. */
    int takeFormat(int first, int last) {
      int found = takeByte();
      check(found >= first && found <= last, "format", found);
      return found;
    }

    void expectEnd() {
      check(!in.hasRemaining(), "bytes too many:", in.remaining());
    }

    int takeByte() {
      return Byte.toUnsignedInt(take(1).get());
    }

    int takeInt() {
      return take(Integer.BYTES).getInt();
    }

    long takeLong() {
      return take(Long.BYTES).getLong();
    }

    /** Of things of at least one byte each, so that no row asks for more than itself. */
    int takeCount() {
      int count = takeInt();
      check(count >= 0 && count <= in.remaining(), "count", count);
      return count;
    }

    String takeName() {
      ByteBuffer utf8 = take(takeCount());
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
      } catch (CharacterCodingException e) {
        throw new IllegalStateException("damaged catalog: a name is not UTF-8", e);
      }
    }

    byte[] takeBytes() {
      byte[] bytes = new byte[takeCount()];
      take(bytes.length).get(bytes);
      return bytes;
    }

    SqlType.Name takeType() {
      int number = takeByte();
      for (SqlType.Name name : SqlType.Name.values()) {
        if (name.number() == number) {
          return name;
        }
      }
      throw new IllegalStateException("damaged catalog: type " + number);
    }

    SqlType takeWholeType() {
      return takeWholeType(0);
    }

    private SqlType takeWholeType(int depth) {
      SqlType.Name name = takeType();
      int precision = takeInt();
      int scale = takeInt();
      if (name != SqlType.Name.ARRAY) {
        return new SqlType(name, precision, scale);
      }
      check(depth < SqlType.ARRAY_DEPTH_MAX, "depth of an ARRAY", depth);
      return new SqlType(name, precision, scale, takeWholeType(depth + 1));
    }

    int takeFlags(int known) {
      int flags = takeByte();
      check((flags & ~known) == 0, "flags", flags);
      return flags;
    }

    /** Some of the first {@code bound} ordinals, at least one. */
    List<Integer> takeOrdinals(int bound) {
      List<Integer> ordinals = new ArrayList<>();
      for (int count = takeCount(); count > 0; count--) {
        int ordinal = takeInt();
        check(ordinal >= 0 && ordinal < bound, "ordinal", ordinal);
        ordinals.add(ordinal);
      }
      check(!ordinals.isEmpty(), "key without columns, of", bound);
      return ordinals;
    }

    private ByteBuffer take(int count) {
      try {
        ByteBuffer taken = in.slice(in.position(), count);
        in.position(in.position() + count);
        return taken;
      } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
        throw new IllegalStateException("damaged catalog: " + count + " bytes missing", e);
      }
    }
  }
}
