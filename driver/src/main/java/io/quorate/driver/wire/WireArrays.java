package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays as bytes: type of the elements, how many there are, of each whether it is NULL, and else
 * its value. Elements that are arrays say their own.
 */
final class WireArrays {
  private WireArrays() {}

  static void write(WireWriter writer, List<?> array) {
    write(writer, array, 1);
  }

  private static void write(WireWriter writer, List<?> array, int depth) {
    requireDepth(depth);
    if (array.size() > WireLimits.ARRAY_ITEMS_MAX) {
      throw new ProtocolException(array.size() + " elements of an array are above the bound");
    }
    WireType type = typeOf(array);
    writer.octet(type.number());
    writer.varint(array.size());
    for (Object element : array) {
      writer.flag(element == null);
      if (element instanceof List) {
        write(writer, (List<?>) element, depth + 1);
      } else if (element != null) {
        WireValues.write(writer, type, element);
      }
    }
  }

  /** That of its elements, all of which but NULL are of one. */
  private static WireType typeOf(List<?> array) {
    WireType type = WireType.NULL;
    for (Object element : array) {
      WireType own = WireType.ofValue(element);
      if (type == WireType.NULL) {
        type = own;
      } else if (own != type && own != WireType.NULL) {
        throw new ProtocolException("an array has elements of type " + type + " and " + own);
      }
    }
    if (type == WireType.BLOB || type == WireType.CLOB) {
      throw new ProtocolException("no array has elements of type " + type);
    }
    return type;
  }

  static List<@Nullable Object> read(WireReader reader) {
    return read(reader, 1);
  }

  private static List<@Nullable Object> read(WireReader reader, int depth) {
    requireDepth(depth);
    WireType type = WireType.of(reader.octet());
    if (type == WireType.BLOB || type == WireType.CLOB) {
      throw new ProtocolException("no array has elements of type " + type);
    }
    int count = reader.items(WireLimits.ARRAY_ITEMS_MAX);
    List<@Nullable Object> array = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (reader.flag()) {
        array.add(null);
      } else {
        array.add(type == WireType.ARRAY ? read(reader, depth + 1) : WireValues.read(reader, type));
      }
    }
    return Collections.unmodifiableList(array);
  }

  private static void requireDepth(int depth) {
    if (depth > WireLimits.ARRAY_DEPTH_MAX) {
      throw new ProtocolException(
          "arrays of arrays are more than " + WireLimits.ARRAY_DEPTH_MAX + " deep");
    }
  }
}
