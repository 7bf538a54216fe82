package io.quorate.server.session;

import io.quorate.server.dispatch.FreshnessGauge.Mark;

/**
 * What an answer shows, from which its age can be told whenever it is sent. Immutable.
 *
 * @param revision that the rows show, or that the write made
 * @param mark taken before the view was opened
 */
public record Shown(long revision, Mark mark) {

  /** Of which nothing else is known. */
  public static Shown of(long revision) {
    return new Shown(revision, Mark.NONE);
  }
}
