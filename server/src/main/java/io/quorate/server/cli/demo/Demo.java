package io.quorate.server.cli.demo;

import java.util.OptionalDouble;
import java.util.Properties;

/** The demo as a whole. {@link #open} is for the main thread, {@link #close} for any. */
public final class Demo implements AutoCloseable {
  private final DemoDirectory directory;
  private final DemoPlan plan;
  private final Properties login;
  private final Progress progress;
  private final DemoCluster cluster;

  /**
   * @param login user and password, for a directory whose users have some; empty else
   */
  public Demo(DemoDirectory directory, DemoPlan plan, Properties login, Progress progress) {
    this.login = login;
    this.directory = directory;
    this.plan = plan;
    this.progress = progress;
    this.cluster = new DemoCluster(plan, progress);
  }

  /**
   * Returns when SQL works on every node and the sample is loaded, which a line beginning with
   * READY tells.
   *
   * @param scale size of the sample; empty for none
   */
  public void open(OptionalDouble scale) throws InterruptedException {
    cluster.open();
    for (DemoPlan.Member member : plan.members()) {
      new SqlProbe(member, login).awaitAnswer();
    }
    if (scale.isPresent()) {
      new TpchSample(plan.url(), login, scale.getAsDouble(), progress).load();
      for (DemoPlan.Member member : plan.members()) {
        new SqlProbe(member, login).awaitSample();
      }
    }
    progress.line("READY " + plan.url());
  }

  /** Tells from now on when a node ends. */
  public void watch() {
    cluster.watch();
  }

  /** The URL that names every node. */
  public String url() {
    return plan.url();
  }

  /** Stops the nodes and removes what is temporary. */
  @Override
  public void close() {
    cluster.close();
    directory.close();
  }
}
