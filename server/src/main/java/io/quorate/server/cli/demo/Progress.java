package io.quorate.server.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * What the user sees of work that takes a while: on a terminal one line that is redrawn, elsewhere
 * a plain line now and then. Thread-safe, because the printing is.
 */
public final class Progress {
  private static final int BAR_WIDTH = 30;
  private static final Duration BETWEEN_REDRAWS = Duration.ofMillis(100);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final boolean terminal;
  private long lastShown = System.nanoTime();
  private boolean redrawn;

  /**
   * @param terminal whether lines can be drawn over
   */
  public Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A line that stays. */
  public synchronized void line(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** Something is being waited for. */
  synchronized void waiting(String what, Duration since) {
    if (isDue()) {
      show("  waiting for %s (%d s)".formatted(what, since.toSeconds()));
    }
  }

  /** Rows are on their way; {@code total} is all there will be. */
  synchronized void rows(String what, long done, long total, Duration since) {
    if (isDue()) {
      show("  " + bar(done, total) + " " + figures(done, total, since) + "  " + what);
    }
  }

  private static String bar(long done, long total) {
    int filled = (int) Math.min(BAR_WIDTH, BAR_WIDTH * done / Math.max(1, total));
    return "[" + "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "]";
  }

  private static String figures(long done, long total, Duration since) {
    double seconds = Math.max(1, since.toMillis()) / 1000.0;
    return String.format(
        Locale.ROOT,
        "%3d%%  %,d of %,d rows, %,.0f rows/s",
        100 * done / Math.max(1, total),
        done,
        total,
        done / seconds);
  }

  private boolean isDue() {
    Duration pause = terminal ? BETWEEN_REDRAWS : BETWEEN_LINES;
    long now = System.nanoTime();
    if (now - lastShown < pause.toNanos()) {
      return false;
    }
    lastShown = now;
    return true;
  }

  private void show(String text) {
    if (terminal) {
      out.print("\r" + text + "\u001b[K");
      redrawn = true;
    } else {
      out.println(text);
    }
    out.flush();
  }

  private void clear() {
    if (redrawn) {
      out.print("\r\u001b[K");
      redrawn = false;
    }
  }
}
