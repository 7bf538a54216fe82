package io.quorate.server.frontend.avatica;

import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.RequestId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash of what a client wants done, the same in every encoding and on every connection: SHA-256,
 * because a key of somebody else's must not be met by chance or by intent. Confined to one thread.
 */
final class RequestPrint {
  private final MessageDigest digest;

  RequestPrint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw Invariant.violation("every JDK has SHA-256", e);
    }
  }

  RequestPrint add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  RequestPrint add(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    return this;
  }

  RequestPrint addAll(List<@Nullable Object> values) {
    add(values.size());
    for (Object value : values) {
      if (value instanceof byte[] bytes) {
        add("bytes").add(bytes);
      } else {
        add(value == null ? "" : value.getClass().getSimpleName()).add(String.valueOf(value));
      }
    }
    return this;
  }

  /** With its length, so that no two sequences are the same. */
  private RequestPrint add(byte[] bytes) {
    add(bytes.length);
    digest.update(bytes);
    return this;
  }

  /** Ends it. */
  String text() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Ends it; 126 of its bits, as the name of a write. */
  RequestId id() {
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
    return new RequestId(bytes.getLong(), (bytes.getLong() >>> 2) + 1);
  }
}
