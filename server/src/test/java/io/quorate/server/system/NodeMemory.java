package io.quorate.server.system;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node keeps, in bytes, as its own JVM tells: on the heap after a full collection, and
 * beside it in buffers. The node runs with {@link #TRACKING}.
 */
record NodeMemory(long heap, long buffers) {
  /** Without it the JVM does not know what lies beside the heap. */
  static final String TRACKING = "-XX:NativeMemoryTracking=summary";

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  /** Direct buffers are counted here, and little else. */
  private static final Pattern OTHER =
      Pattern.compile("- +Other \\(reserved=\\d+KB, committed=(\\d+)KB\\)");

  static NodeMemory of(SystemNode node) {
    String heap = jcmd(node, "GC.class_histogram");
    String beside = jcmd(node, "VM.native_memory", "summary", "scale=KB");
    return new NodeMemory(number(TOTAL, heap), number(OTHER, beside) << 10);
  }

  private static String jcmd(SystemNode node, String... command) {
    String[] line = new String[command.length + 2];
    line[0] = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    line[1] = Long.toString(node.pid());
    System.arraycopy(command, 0, line, 2, command.length);
    return Commands.ask(line);
  }

  private static long number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  long total() {
    return heap + buffers;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.1f MiB of heap, %.1f MiB of buffers", mebibytes(heap), mebibytes(buffers));
  }

  static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
