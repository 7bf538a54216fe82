package io.quorate.server.cluster.raft.fault;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.util.Describer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a cluster that stands still looks like inside: JRaft's own account, and all threads. */
final class Autopsy {
  private static final Path DIRECTORY = Path.of("target", "fault-autopsies");

  /** Where a thread that waits for work is; there are hundreds of these. */
  private static final List<String> RESTING =
      List.of("ThreadPoolExecutor.getTask", "HashedWheelTimer", "WaitStrategy.waitFor");

  private Autopsy() {}

  /**
   * Writes the file for this seed.
   *
   * @param group the cluster's, as JRaft knows it
   */
  static Path of(long seed, String group, String state) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    out.println(state);
    for (Node node : NodeManager.getInstance().getNodesByGroupId(group)) {
      out.println();
      out.println("== " + node.getNodeId());
      node.describe(new Describer.DefaultPrinter(out));
    }
    out.println();
    Thread.getAllStackTraces().forEach((thread, frames) -> print(out, thread, frames));
    out.flush();
    try {
      Files.createDirectories(DIRECTORY);
      return Files.writeString(DIRECTORY.resolve("seed-" + seed + ".txt"), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void print(PrintWriter out, Thread thread, StackTraceElement[] frames) {
    List<String> stack = Stream.of(frames).map(StackTraceElement::toString).toList();
    boolean resting = stack.stream().anyMatch(frame -> RESTING.stream().anyMatch(frame::contains));
    if (!resting) {
      out.println(Map.entry(thread.getName(), thread.getState()));
      stack.forEach(frame -> out.println("    at " + frame));
    }
  }
}
