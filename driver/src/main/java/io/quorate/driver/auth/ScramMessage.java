package io.quorate.driver.auth;

import java.util.Arrays;
import java.util.Base64;

/**
 * The attributes of a message, taken one after the other: {@code r=…,s=…,i=…} (RFC 5802 §5.1).
 * Takes nothing for granted. Confined.
 */
public final class ScramMessage {
  private final String[] attributes;
  private int next;

  private ScramMessage(String[] attributes) {
    this.attributes = attributes;
  }

  /**
   * Reads a message.
   *
   * @throws ScramException when it is longer than any may be
   */
  public static ScramMessage of(String text) throws ScramException {
    if (text.length() > ScramLimits.MESSAGE_CHARS_MAX) {
      throw new ScramException("a SCRAM message of " + text.length() + " characters");
    }
    return new ScramMessage(text.split(",", -1));
  }

  /** The next part as it stands, such as the flags before the first attribute. */
  public String part() throws ScramException {
    if (next == attributes.length) {
      throw new ScramException("a SCRAM message ends too early");
    }
    return attributes[next++];
  }

  /** The value of the next attribute, which must be of this name. */
  public String value(char name) throws ScramException {
    String part = part();
    if (part.length() < 2 || part.charAt(0) != name || part.charAt(1) != '=') {
      throw new ScramException("a SCRAM message without attribute " + name + " in its place");
    }
    return part.substring(2);
  }

  /** A value that is a nonce: printable characters, and not too many. */
  public String nonce() throws ScramException {
    String nonce = value('r');
    boolean printable = nonce.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (nonce.isEmpty() || nonce.length() > ScramLimits.NONCE_CHARS_MAX || !printable) {
      throw new ScramException("a SCRAM message with a nonce that is none");
    }
    return nonce;
  }

  /** A value in Base64 of so many bytes. */
  public byte[] bytes(char name, int min, int max) throws ScramException {
    return bytes(value(name), min, max);
  }

  /**
   * Bytes from Base64.
   *
   * @throws ScramException when it is none, or of another number of bytes
   */
  public static byte[] bytes(String base64, int min, int max) throws ScramException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new ScramException("a SCRAM message whose bytes are not Base64");
    }
    if (bytes.length < min || bytes.length > max) {
      throw new ScramException("a SCRAM message with a value of " + bytes.length + " bytes");
    }
    return bytes;
  }

  /** The number of iterations, within the bounds. */
  public int iterations() throws ScramException {
    return iterations(value('i'));
  }

  /**
   * A number of iterations.
   *
   * @throws ScramException when it is out of bounds: too few would be a downgrade, too many a
   *     burden
   */
  public static int iterations(String digits) throws ScramException {
    boolean number = digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int iterations = number && !digits.isEmpty() ? Integer.parseInt(digits) : 0;
    if (iterations < ScramLimits.ITERATIONS_MIN || iterations > ScramLimits.ITERATIONS_MAX) {
      throw new ScramException(
          "SCRAM with a number of iterations that is not between "
              + ScramLimits.ITERATIONS_MIN
              + " and "
              + ScramLimits.ITERATIONS_MAX);
    }
    return iterations;
  }

  /**
   * Ends the message. Extensions that may be ignored are (RFC 5802 §5.1).
   *
   * @throws ScramException when one is there that may not be
   */
  public void end() throws ScramException {
    String[] extensions = Arrays.copyOfRange(attributes, next, attributes.length);
    for (String extension : extensions) {
      boolean letter = !extension.isEmpty() && Character.isLetter(extension.charAt(0));
      if (!letter || extension.startsWith("m=") || extension.indexOf('=') != 1) {
        throw new ScramException("a SCRAM message with a part that is not understood");
      }
    }
  }

  /** The last attribute of all; nothing may follow. */
  public byte[] lastBytes(char name, int count) throws ScramException {
    byte[] bytes = bytes(name, count, count);
    if (next != attributes.length) {
      throw new ScramException("a SCRAM message that goes on behind its end");
    }
    return bytes;
  }

  /** A name as it stands in a message: {@code saslname} of RFC 5802 §7. */
  public static String escape(String name) {
    return name.replace("=", "=3D").replace(",", "=2C");
  }

  /**
   * What {@link #escape} was given.
   *
   * @throws ScramException when it gave something else
   */
  public static String unescape(String text) throws ScramException {
    String rest = text.replace("=2C", "").replace("=3D", "");
    if (rest.indexOf('=') >= 0) {
      throw new ScramException("a SCRAM message with a name that is not escaped");
    }
    return text.replace("=2C", ",").replace("=3D", "=");
  }
}
