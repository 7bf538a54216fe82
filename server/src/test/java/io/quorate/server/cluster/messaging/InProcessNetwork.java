package io.quorate.server.cluster.messaging;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.server.cluster.MemberId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A network of many members in one JVM, with faults.
 *
 * <p>Without faults it keeps what {@link Messenger} promises. With them, each directed link can
 * drop, delay, reorder and duplicate frames at random, and can be cut: frames sent into a cut are
 * dropped, or {@linkplain Cut#HOLD held} and delivered after {@link #heal}, late as a
 * retransmission would be. A member can {@linkplain #crash crash} (nothing more goes in or out, and
 * {@link #join} of the same member is a new process) or be {@linkplain #pause paused} like a
 * stopped process (frames to and from it wait for {@link #resume}).
 *
 * <p>Which frame meets which fault is drawn from the seed, per link and in the order of sending, so
 * it is reproducible as far as the order in which threads send is.
 *
 * <p>Threads: one for everything that is delayed, and one per member that calls its inbox. Every
 * frame is delivered as a copy that is overwritten after the call, so that an inbox which keeps the
 * buffer is found out. Queues hold {@value #FRAMES_MAX} frames; what exceeds that is dropped.
 *
 * <p>Thread-safe: each link and each member has its own lock; none is held while an inbox is
 * called.
 */
public final class InProcessNetwork implements AutoCloseable {
  private static final int FRAMES_MAX = 100_000;
  private static final byte OVERWRITTEN = (byte) 0xEE;

  private final long seed;
  private final ScheduledExecutorService delays =
      Executors.newSingleThreadScheduledExecutor(daemon("network-delays"));
  private final ConcurrentHashMap<MemberId, Port> ports = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<LinkKey, Link> links = new ConcurrentHashMap<>();

  public InProcessNetwork(long seed) {
    this.seed = seed;
  }

  /** What becomes of frames that are sent into a cut. */
  public enum Cut {
    DROP,
    HOLD
  }

  /**
   * The faults of a link, as probabilities from 0 to 1 and delays.
   *
   * @param reorder the share of frames that others may overtake, by up to {@link #REORDER_MAX}
   */
  public record Faults(
      double drop, double duplicate, double reorder, Duration delayMin, Duration delayMax) {
    public static final Duration REORDER_MAX = Duration.ofMillis(20);
    public static final Faults NONE = new Faults(0, 0, 0, Duration.ZERO, Duration.ZERO);
  }

  /**
   * A messenger for the member. If it is on the network already, this is its next process: the
   * former one is cut off, and the others are told that it is lost.
   */
  public Messenger join(MemberId member) {
    Port port = new Port(member);
    Port former = ports.put(member, port);
    if (former != null) {
      former.detach();
      tellLost(member);
    }
    return port;
  }

  /** Sets the faults of the link in one direction. */
  public void faults(MemberId from, MemberId to, Faults faults) {
    link(from, to).set(faults);
  }

  /** Sets the faults of every link between members that have joined. */
  public void faults(Faults faults) {
    forEachLink((from, to) -> faults(from, to, faults));
  }

  /** Cuts one direction. */
  public void cut(MemberId from, MemberId to, Cut kind) {
    link(from, to).cut(kind);
  }

  /** Cuts both directions. */
  public void cutBoth(MemberId a, MemberId b, Cut kind) {
    cut(a, b, kind);
    cut(b, a, kind);
  }

  /** Cuts a member off from all others. */
  public void isolate(MemberId member, Cut kind) {
    for (MemberId other : members()) {
      if (!other.equals(member)) {
        cutBoth(member, other, kind);
      }
    }
  }

  /** Ends the cut of one direction and delivers what it held. */
  public void heal(MemberId from, MemberId to) {
    link(from, to).heal();
  }

  /** Ends all cuts and all faults. */
  public void healAll() {
    links.values().forEach(link -> link.set(Faults.NONE));
    links.values().forEach(Link::heal);
  }

  /** Ends the process; the others are told that it is lost if {@code noticed}. */
  public void crash(MemberId member, boolean noticed) {
    Port port = ports.remove(member);
    if (port != null) {
      port.detach();
      if (noticed) {
        tellLost(member);
      }
    }
  }

  /** Stops the member as SIGSTOP would. */
  public void pause(MemberId member) {
    port(member).pause();
  }

  /** Lets a paused member go on; what waited is delivered, both ways. */
  public void resume(MemberId member) {
    port(member).resume();
  }

  public List<MemberId> members() {
    return ports.keySet().stream().sorted().toList();
  }

  @Override
  public void close() {
    ports.values().forEach(Port::detach);
    delays.shutdownNow();
  }

  private Port port(MemberId member) {
    Port port = ports.get(member);
    if (port == null) {
      throw new IllegalArgumentException(member + " is not on the network");
    }
    return port;
  }

  private Link link(MemberId from, MemberId to) {
    return links.computeIfAbsent(new LinkKey(from, to), Link::new);
  }

  private void forEachLink(BiConsumer<MemberId, MemberId> action) {
    for (MemberId from : members()) {
      for (MemberId to : members()) {
        if (!from.equals(to)) {
          action.accept(from, to);
        }
      }
    }
  }

  /** Tells the others that the member is lost, rightly or not. */
  public void tellLost(MemberId member) {
    for (Port other : ports.values()) {
      if (!other.self().equals(member)) {
        other.tellLost(member);
      }
    }
  }

  private void arrive(MemberId from, MemberId to, byte[] frame) {
    Port port = ports.get(to);
    if (port != null) {
      port.arrive(from, frame);
    }
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  private record LinkKey(MemberId from, MemberId to) {}

  /** One direction between two members. */
  private final class Link {
    private final LinkKey key;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final SplittableRandom random;

    @GuardedBy("lock")
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();

    @GuardedBy("lock")
    private Faults faults = Faults.NONE;

    @GuardedBy("lock")
    private @Nullable Cut cut;

    /** When the last frame that keeps its place is due. */
    @GuardedBy("lock")
    private long lastDueNanos;

    @GuardedBy("lock")
    private int delayed;

    Link(LinkKey key) {
      this.key = key;
      random = new SplittableRandom(seed * 31 + key.toString().hashCode());
    }

    void set(Faults newFaults) {
      lock.lock();
      try {
        faults = newFaults;
      } finally {
        lock.unlock();
      }
    }

    void cut(Cut kind) {
      lock.lock();
      try {
        cut = kind;
      } finally {
        lock.unlock();
      }
    }

    void heal() {
      lock.lock();
      try {
        cut = null;
        while (!held.isEmpty()) {
          arrive(key.from(), key.to(), held.remove());
        }
      } finally {
        lock.unlock();
      }
    }

    void send(byte[] frame) {
      lock.lock();
      try {
        if (cut == Cut.HOLD && held.size() < FRAMES_MAX) {
          held.add(frame);
        }
        if (cut != null || random.nextDouble() < faults.drop()) {
          return;
        }
        forward(frame);
        if (random.nextDouble() < faults.duplicate()) {
          forward(frame);
        }
      } finally {
        lock.unlock();
      }
    }

    @GuardedBy("lock")
    private void forward(byte[] frame) {
      long spread = faults.delayMax().toNanos() - faults.delayMin().toNanos();
      long delay = faults.delayMin().toNanos() + (spread > 0 ? random.nextLong(spread) : 0);
      long due = System.nanoTime() + delay;
      if (random.nextDouble() < faults.reorder()) {
        due += random.nextLong(Faults.REORDER_MAX.toNanos());
      } else {
        due = delayed == 0 && delay == 0 ? due : Math.max(due, lastDueNanos);
        lastDueNanos = due;
        if (delayed == 0 && delay == 0) {
          arrive(key.from(), key.to(), frame);
          return;
        }
      }
      if (delayed < FRAMES_MAX) {
        delayed++;
        later(frame, due);
      }
    }

    @GuardedBy("lock")
    private void later(byte[] frame, long dueNanos) {
      try {
        var unused =
            delays.schedule(
                () -> arriveLate(frame), dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The network is closed.
        delayed--;
      }
    }

    private void arriveLate(byte[] frame) {
      lock.lock();
      try {
        delayed--;
        if (cut == null) {
          arrive(key.from(), key.to(), frame);
        } else if (cut == Cut.HOLD) {
          held.add(frame);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** One process of one member. */
  private final class Port implements Messenger {
    private final MemberId self;
    private final ReentrantLock lock = new ReentrantLock();
    private final ThreadPoolExecutor delivery;

    @GuardedBy("lock")
    private boolean paused;

    @GuardedBy("lock")
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    private volatile boolean detached;
    private volatile @Nullable Inbox inbox;

    Port(MemberId self) {
      this.self = self;
      delivery =
          new ThreadPoolExecutor(
              1,
              1,
              0,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(FRAMES_MAX),
              daemon("network-" + self),
              new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public MemberId self() {
      return self;
    }

    @Override
    public void open(Inbox newInbox) {
      inbox = newInbox;
    }

    @Override
    public void send(MemberId to, byte[] frame, int offset, int length) {
      Messenger.requireFits(length);
      byte[] sent = Arrays.copyOfRange(frame, offset, offset + length);
      orWait(() -> link(self, to).send(sent));
    }

    @Override
    public boolean knows(MemberId member) {
      return ports.containsKey(member);
    }

    @Override
    public void close() {
      ports.remove(self, this);
      detach();
      try {
        if (!Thread.currentThread().getName().equals("network-" + self)
            && !delivery.awaitTermination(10, TimeUnit.SECONDS)) {
          throw new IllegalStateException("an inbox of " + self + " does not return");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void detach() {
      detached = true;
      delivery.shutdownNow();
    }

    void arrive(MemberId from, byte[] frame) {
      orWait(() -> deliver(inbox -> handOver(inbox, from, frame)));
    }

    void tellLost(MemberId member) {
      orWait(() -> deliver(inbox -> inbox.onMemberLost(member)));
    }

    void pause() {
      lock.lock();
      try {
        paused = true;
      } finally {
        lock.unlock();
      }
    }

    /** What is let go may be met by new frames, which is no more disorder than a network has. */
    void resume() {
      List<Runnable> released;
      lock.lock();
      try {
        paused = false;
        released = new ArrayList<>(waiting);
        waiting.clear();
      } finally {
        lock.unlock();
      }
      released.forEach(Runnable::run);
    }

    private void orWait(Runnable step) {
      lock.lock();
      try {
        if (paused) {
          if (waiting.size() < FRAMES_MAX) {
            waiting.add(step);
          }
          return;
        }
      } finally {
        lock.unlock();
      }
      if (!detached) {
        step.run();
      }
    }

    private void deliver(Consumer<Inbox> call) {
      delivery.execute(
          () -> {
            Inbox to = inbox;
            if (to != null && !detached) {
              call.accept(to);
            }
          });
    }

    /** Not at the array's start, so that an inbox which forgets the offset is found out too. */
    private void handOver(Inbox to, MemberId from, byte[] frame) {
      byte[] buffer = new byte[frame.length + 7];
      System.arraycopy(frame, 0, buffer, 5, frame.length);
      to.onFrame(from, buffer, 5, frame.length);
      Arrays.fill(buffer, OVERWRITTEN);
    }
  }
}
