package io.quorate.sql.exec;

import io.quorate.sql.store.Lob;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.avatica.util.ByteString;

/**
 * How many bytes a value has, without reading one that lies in the store. Generated code calls it.
 */
public final class OctetLength {
  private OctetLength() {}

  public static long of(Object value) {
    if (value instanceof Lob lob) {
      return lob.byteCount();
    }
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
    if (value instanceof ByteString bytes) {
      return bytes.length();
    }
    return ((byte[]) value).length;
  }
}
