package io.quorate.server.bench;

/** One member of the cluster under test, as the load sees it. */
public interface Subject extends AutoCloseable {

  /** Whether proposals are taken here. */
  boolean leads();

  /** Entries that are in this member's log and not applied yet; 0 where nobody counts. */
  long unapplied();

  /** Proposes one write of about 200 bytes. Exactly one method of {@code done} is called. */
  void propose(Done done);

  @Override
  void close();

  /** Told the end of a proposal, on a thread that must not be blocked. */
  interface Done {
    void applied();

    void failed(String why);
  }
}
