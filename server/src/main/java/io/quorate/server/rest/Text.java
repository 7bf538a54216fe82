package io.quorate.server.rest;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** UTF-8 as clients send it, taken as it is or not at all. Pure. */
final class Text {
  private static final int HEX = 16;
  private static final char DELETE = 0x7f;

  private Text() {}

  /**
   * The text of the bytes.
   *
   * @throws QuorateException when they are not UTF-8
   */
  static String of(byte[] utf8, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, what + " is not UTF-8", e);
    }
  }

  /**
   * The text, which JSON may have written as half a character.
   *
   * @throws QuorateException when it has
   */
  static String whole(String text, String what) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new QuorateException(
          ErrorCode.PROTOCOL_VIOLATION, what + " has half a character (a lone surrogate)");
    }
    return text;
  }

  /**
   * The parameters of a query, as forms write them (application/x-www-form-urlencoded).
   *
   * @throws QuorateException when one is there twice, or is not so written
   */
  static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int sign = pair.indexOf('=');
      String name = decoded(sign < 0 ? pair : pair.substring(0, sign));
      if (parameters.put(name, sign < 0 ? "" : decoded(pair.substring(sign + 1))) != null) {
        throw new QuorateException(
            ErrorCode.PROTOCOL_VIOLATION, "parameter \"" + name + "\" is there twice");
      }
    }
    return parameters;
  }

  /** Characters above ASCII are the bytes that a client has not escaped. */
  private static String decoded(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char next = escaped.charAt(i);
      if (next == '%') {
        bytes.write(hex(escaped, i + 1) * HEX + hex(escaped, i + 2));
        i += 2;
      } else if (next > 0xff) {
        throw notEscaped();
      } else {
        bytes.write(next == '+' ? ' ' : next);
      }
    }
    return of(bytes.toByteArray(), "the query");
  }

  /** A query that may stand in a header: what is not printable ASCII becomes %XX. */
  static String escaped(String query) {
    StringBuilder escaped = new StringBuilder(query.length());
    for (int i = 0; i < query.length(); i++) {
      char next = query.charAt(i);
      if (next > ' ' && next < DELETE) {
        escaped.append(next);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) next));
      }
    }
    return escaped.toString();
  }

  private static int hex(String text, int at) {
    int digit = at < text.length() ? Character.digit(text.charAt(at), HEX) : -1;
    if (digit < 0 || text.charAt(at) > 'f') {
      throw notEscaped();
    }
    return digit;
  }

  private static QuorateException notEscaped() {
    return new QuorateException(
        ErrorCode.PROTOCOL_VIOLATION, "the query is not UTF-8 that is escaped as in RFC 3986");
  }
}
