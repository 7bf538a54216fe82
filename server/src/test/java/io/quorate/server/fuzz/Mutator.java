package io.quorate.server.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes broken bytes of valid ones, always the same for the same seed. Confined to one thread.
 *
 * <p>Knows no format: what is typical of one comes as words that it puts in, and {@link
 * NativeRecordings} and {@link AvaticaRecordings} put the result into a frame that fits.
 */
final class Mutator {
  /** Above what any decoder has as a bound in small things, below what costs time. */
  private static final int BYTES_MAX = 1 << 16;

  private static final int CHANGES_MAX = 4;
  private static final int[] LENGTHS = {
    0,
    1,
    4,
    5,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    0xff_ffff,
    0x100_0000,
    0x100_0001,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    -1
  };
  private static final int[] OCTETS = {0, 1, 2, 0x7f, 0x80, 0xc0, 0xed, 0xfe, 0xff};

  /** Strings that have broken somebody's software. */
  private static final List<byte[]> HOSTILE =
      List.of(
          new byte[0],
          new byte[] {0},
          new byte[] {(byte) 0xc0, (byte) 0x80},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
          new byte[] {(byte) 0xef, (byte) 0xbf, (byte) 0xbd},
          ascii("' OR 1=1; --"),
          ascii("%s%n%x"),
          ascii("\r\n\r\nGET / HTTP/1.1\r\n"),
          ascii("9".repeat(400)),
          ascii("1e999999999"),
          ascii("-1e-999999999"),
          ascii("NaN"),
          ascii("(".repeat(3_000)),
          ascii("a".repeat(20_000)));

  private final SplittableRandom random;
  private final List<byte[]> words;

  /**
   * @param words pieces of the format that are worth putting in anywhere
   */
  Mutator(long seed, List<byte[]> words) {
    this.random = new SplittableRandom(seed);
    this.words = words;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  SplittableRandom random() {
    return random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** One of the valid, changed in up to four places. */
  byte[] mutate(List<byte[]> valid) {
    byte[] bytes = pick(valid);
    int changes = 1 + random.nextInt(CHANGES_MAX);
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes, valid);
    }
    return bytes.length > BYTES_MAX ? Arrays.copyOf(bytes, BYTES_MAX) : bytes;
  }

  private byte[] change(byte[] bytes, List<byte[]> valid) {
    return switch (random.nextInt(12)) {
      case 0 -> splice(bytes, pick(valid));
      case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 2 -> without(bytes);
      case 3 -> put(bytes, part(bytes), 0);
      case 4 -> put(bytes, noise(), 0);
      case 5 -> put(bytes, overflow(), random.nextInt(11));
      case 6 -> put(bytes, length(bytes), random.nextBoolean() ? Integer.BYTES : 0);
      case 7 -> put(bytes, string(), random.nextInt(8));
      case 8 -> words.isEmpty() ? flip(bytes) : put(bytes, pick(words), random.nextInt(4));
      case 9 -> wireType(bytes);
      case 10 -> octet(bytes);
      default -> flip(bytes);
    };
  }

  /** The head of one and the tail of another. */
  private byte[] splice(byte[] head, byte[] tail) {
    int from = random.nextInt(tail.length + 1);
    byte[] kept = Arrays.copyOf(head, random.nextInt(head.length + 1));
    return join(kept, Arrays.copyOfRange(tail, from, tail.length));
  }

  private byte[] part(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    return Arrays.copyOfRange(bytes, from, from + random.nextInt(bytes.length - from + 1));
  }

  private byte[] without(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int to = from + random.nextInt(bytes.length - from + 1);
    return join(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
  }

  /** Puts these in somewhere, over so many that were there. */
  private byte[] put(byte[] bytes, byte[] added, int over) {
    int at = random.nextInt(bytes.length + 1);
    int behind = Math.min(bytes.length, at + over);
    return join(
        join(Arrays.copyOf(bytes, at), added), Arrays.copyOfRange(bytes, behind, bytes.length));
  }

  private byte[] noise() {
    byte[] noise = new byte[1 + random.nextInt(16)];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) random.nextInt();
    }
    return noise;
  }

  /** A varint of as many bits as there are, or of more. */
  private byte[] overflow() {
    byte[] varint = new byte[1 + random.nextInt(11)];
    Arrays.fill(varint, (byte) 0xff);
    varint[varint.length - 1] = (byte) random.nextInt(0x80);
    return varint;
  }

  /** Four bytes that could be a length, and most often are none. */
  private byte[] length(byte[] bytes) {
    int value =
        random.nextBoolean()
            ? LENGTHS[random.nextInt(LENGTHS.length)]
            : bytes.length + random.nextInt(-3, 4);
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  /** A hostile string, with its length before it or without. */
  private byte[] string() {
    byte[] string = pick(HOSTILE);
    int length = string.length;
    if (random.nextBoolean()) {
      return string;
    }
    return length < 0x80
        ? join(new byte[] {(byte) length}, string)
        : join(
            new byte[] {
              (byte) (length | 0x80), (byte) ((length >>> 7) | 0x80), (byte) (length >>> 14)
            },
            string);
  }

  /** What is the type of a field in protobuf, and noise elsewhere. */
  private byte[] wireType(byte[] bytes) {
    return over(bytes, at -> (byte) ((bytes[at] & ~7) | random.nextInt(8)));
  }

  private byte[] octet(byte[] bytes) {
    return over(bytes, at -> (byte) OCTETS[random.nextInt(OCTETS.length)]);
  }

  private byte[] flip(byte[] bytes) {
    return over(bytes, at -> (byte) (bytes[at] ^ (1 << random.nextInt(8))));
  }

  private interface Octet {
    byte at(int index);
  }

  private byte[] over(byte[] bytes, Octet octet) {
    if (bytes.length == 0) {
      return noise();
    }
    byte[] changed = bytes.clone();
    int at = random.nextInt(bytes.length);
    changed[at] = octet.at(at);
    return changed;
  }

  static byte[] join(byte[] head, byte[] tail) {
    byte[] joined = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, joined, head.length, tail.length);
    return joined;
  }
}
