package io.quorate.server.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Feeds inputs to a check, those that failed once first. A failure is told with the seed, the
 * number of the input, and the input itself: the line can be put into the corpus as it is.
 */
final class FuzzRun {
  private static final long PRINTED_FROM = 10_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What an input of nothing may cost: a failure with its stack trace, buffers of a decoder. */
  private final long bytesAtLeast;

  private final long bytesPerByte;
  private final String corpus;
  private double worstPerByte;
  private long worstBytes;

  /**
   * @param corpus name of a file beside this class, a line of hex for each input
   * @param bytesAtLeast that an input may make a thread allocate, however small it is
   * @param bytesPerByte that it may in addition, for each of its own
   */
  FuzzRun(String corpus, long bytesAtLeast, long bytesPerByte) {
    this.corpus = corpus;
    this.bytesAtLeast = bytesAtLeast;
    this.bytesPerByte = bytesPerByte;
  }

  /** What is done with an input; it throws when it finds something. */
  @FunctionalInterface
  interface Check {
    void check(byte[] input) throws Exception;
  }

  /** Makes the next input. */
  @FunctionalInterface
  interface Source {
    byte[] next(Mutator mutator);
  }

  /** Runs the corpus, and then {@code count} inputs, each of a seed of its own. */
  void run(long seed, long count, List<byte[]> words, Source source, Check check) {
    int number = 0;
    for (byte[] known : corpus()) {
      checkOne("corpus " + corpus + ", line " + ++number, known, check);
    }
    for (long i = 0; i < count; i++) {
      long inputSeed = mix(seed + i);
      byte[] input = source.next(new Mutator(inputSeed, words));
      checkOne("SEED=" + seed + ", input " + i, input, check);
    }
    if (count >= PRINTED_FROM) {
      print(number + count);
    }
  }

  private void print(long inputs) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "[fuzz] %s: %,d inputs, at most %,d bytes allocated, %.0f a byte where it is large",
            corpus,
            inputs,
            worstBytes,
            worstPerByte));
  }

  /** Neighbouring numbers give inputs that have nothing in common. */
  private static long mix(long seed) {
    long mixed = (seed ^ (seed >>> 31)) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }

  private void checkOne(String name, byte[] input, Check check) {
    long bound = bytesAtLeast + bytesPerByte * input.length;
    long allocated = measure(name, input, check);
    if (allocated > bound) {
      // The first of its kind loads classes.
      allocated = Math.min(allocated, measure(name, input, check));
    }
    worstBytes = Math.max(worstBytes, allocated);
    if (allocated > bytesAtLeast) {
      worstPerByte =
          Math.max(worstPerByte, (allocated - bytesAtLeast) / (double) Math.max(1, input.length));
    }
    if (allocated > bound) {
      throw new AssertionError(
          "%s: %d bytes allocated for %d%n%s"
              .formatted(name, allocated, input.length, HexFormat.of().formatHex(input)));
    }
  }

  private static long measure(String name, byte[] input, Check check) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      check.check(input);
    } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(name + ": " + e + "\n" + HexFormat.of().formatHex(input), e);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private List<byte[]> corpus() {
    List<byte[]> inputs = new ArrayList<>();
    try (InputStream file = FuzzRun.class.getResourceAsStream(corpus)) {
      if (file == null) {
        throw new AssertionError("there is no file " + corpus);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String hex = line.replaceFirst("#.*", "").strip();
        if (!hex.isEmpty()) {
          inputs.add(HexFormat.of().parseHex(hex));
        }
      }
      return inputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
