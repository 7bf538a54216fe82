package io.quorate.server.cluster.messaging;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.QuorateException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.MessageBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames over a JGroups channel: discovery, membership views, failure detection and retransmission
 * are its work, who may speak to whom is not. Frames go to the last known address of a member
 * whether a view holds it or not, because a view is an opinion and a vote must not wait for it.
 *
 * <p>A process is known by its JGroups address, a UUID drawn at start that carries the member id.
 * So a message says by itself who sent it and from which life. An address once replaced stays
 * retired: a late frame of it is dropped. Two processes under one member id (a copied data
 * directory) are told apart the same way; the one seen last is heard, the other is not.
 *
 * <p>Frames are regular messages, not out-of-band: those of one sender arrive in the order sent,
 * which pipelined appends need. They bypass JGroups' flow control (NO_FC), for that blocks the
 * sender until the slowest receiver catches up; the calls above are bounded in number and bytes, so
 * their sum is. The frame's array goes into the message as it is, and JGroups keeps it until the
 * receiver has acknowledged it, to send it again; this is why the array is handed over. JGroups
 * itself copies it once, into the buffer it writes to the socket.
 *
 * <p>Small frames to an address outside the view are sent without retransmission, or a member that
 * is down for long would gather unacknowledged heartbeats without bound. Fragmented ones rely on
 * order and keep it.
 *
 * <p>Thread-safe. The maps of members change under {@code lock}; sending and receiving only read
 * them.
 */
public final class JGroupsMessenger implements Messenger {
  private static final Logger log = LoggerFactory.getLogger(JGroupsMessenger.class);
  private static final byte[] MEMBER_KEY = {'m'};
  private static final int UNFRAGMENTED_BYTES_MAX = 50_000;
  private static final Duration CALLBACK_WAIT_MAX = Duration.ofSeconds(5);

  private final MessengerConfig config;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();

  /** The living process of each member, as far as known. */
  private final ConcurrentHashMap<MemberId, Remote> members = new ConcurrentHashMap<>();

  /** The same, by address. */
  private final ConcurrentHashMap<Address, Remote> addresses = new ConcurrentHashMap<>();

  @GuardedBy("lock")
  private final ConcurrentHashMap<MemberId, LinkedHashSet<Address>> retired =
      new ConcurrentHashMap<>();

  private final AtomicInteger callbacks = new AtomicInteger();
  private final ThreadLocal<Boolean> inCallback = ThreadLocal.withInitial(() -> false);
  private volatile boolean closed;
  private volatile @Nullable ChannelStack stack;
  private volatile @Nullable Inbox inbox;

  /**
   * @param nanoClock monotonic; for {@link Peer#silence}
   */
  public JGroupsMessenger(MessengerConfig config, LongSupplier nanoClock) {
    this.config = config;
    this.nanoClock = nanoClock;
  }

  /**
   * Binds the peer port and joins whoever is found, or stands alone until somebody is.
   *
   * @throws QuorateException when an address cannot be resolved or a port is taken
   */
  @Override
  public void open(Inbox newInbox) {
    Invariant.check(inbox == null, "the messenger is opened once");
    requireResolved();
    inbox = newInbox;
    JChannel channel = null;
    try {
      ChannelStack opened = new ChannelStack(config);
      channel = opened.channel();
      channel.setName(config.self().toString());
      channel.setDiscardOwnMessages(false);
      channel.addAddressGenerator(() -> addressOf(config.self()));
      channel.setReceiver(new Incoming());
      stack = opened;
      channel.connect(config.clusterName());
    } catch (Exception e) {
      if (channel != null) {
        channel.close();
      }
      throw explained(e);
    }
    log.atInfo()
        .addKeyValue("member", config.self())
        .addKeyValue("address", config.bind())
        .addKeyValue("view", channel.getView())
        .log("messenger open");
  }

  /** Leaves the cluster and waits for callbacks that run, unless it is called from one. */
  @Override
  public void close() {
    closed = true;
    ChannelStack opened = stack;
    if (opened != null) {
      opened.channel().close();
    }
    if (!inCallback.get()) {
      awaitCallbacks();
    }
  }

  @Override
  public MemberId self() {
    return config.self();
  }

  @Override
  public void send(MemberId to, byte[] frame, int offset, int length) {
    Messenger.requireFits(length);
    Remote remote = members.get(to);
    ChannelStack opened = stack;
    if (remote == null || opened == null || closed) {
      return;
    }
    Message message = new BytesMessage(remote.address, frame, offset, length);
    message.setFlag(Message.Flag.NO_FC);
    if (!remote.inView && length <= UNFRAGMENTED_BYTES_MAX) {
      message.setFlag(Message.Flag.NO_RELIABILITY);
    }
    try {
      opened.channel().send(message);
    } catch (Exception e) {
      // The channel is closing, or the transport is; either way the frame is lost, which may be.
      log.atDebug().addKeyValue("to", to).setCause(e).log("frame not sent");
    }
  }

  @Override
  public boolean knows(MemberId member) {
    return members.containsKey(member);
  }

  /** Asks one more address from now on, at the next discovery (seconds). */
  public void addContact(InetSocketAddress contact) {
    ChannelStack opened = stack;
    if (opened == null) {
      throw new IllegalStateException("the messenger is not open");
    }
    opened.addContact(contact);
  }

  /** The members that are known, this one included, for status. */
  public List<Peer> peers() {
    ChannelStack opened = stack;
    if (opened == null) {
      return List.of();
    }
    long now = nanoClock.getAsLong();
    List<Peer> peers = new ArrayList<>();
    for (Remote remote : members.values()) {
      Object physical =
          opened.channel().down(new Event(Event.GET_PHYSICAL_ADDRESS, remote.address));
      peers.add(
          new Peer(
              remote.member,
              physical == null ? "" : physical.toString(),
              remote.inView,
              Duration.ofNanos(Math.max(0, now - remote.heardNanos))));
    }
    peers.sort((a, b) -> a.member().compareTo(b.member()));
    return peers;
  }

  /**
   * One known member.
   *
   * @param address host:port of its peer port, empty when not known
   * @param silence the time since its last message; zero for oneself at best
   */
  public record Peer(MemberId member, String address, boolean inView, Duration silence) {}

  // Opening

  private void requireResolved() {
    if (config.bind().isUnresolved()) {
      throw new QuorateException(
          ErrorCode.INTERNAL_ERROR,
          "peer host \"" + config.bind().getHostString() + "\" cannot be resolved");
    }
    List<InetSocketAddress> unresolved =
        config.contacts().stream().filter(InetSocketAddress::isUnresolved).toList();
    if (!unresolved.isEmpty() && unresolved.size() == config.contacts().size()) {
      throw new QuorateException(
          ErrorCode.INTERNAL_ERROR,
          "none of the contact hosts can be resolved, first of all \""
              + unresolved.get(0).getHostString()
              + "\"");
    }
    // A name that a dead host took with it must not keep this node from the others.
    unresolved.forEach(
        contact ->
            log.atWarn().addKeyValue("host", contact.getHostString()).log("contact not resolved"));
  }

  private QuorateException explained(Exception failure) {
    String host = config.bind().getAddress().getHostAddress();
    int port = config.bind().getPort();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof BindException) {
        return new QuorateException(
            ErrorCode.INTERNAL_ERROR,
            "peer address " + host + ":" + port + " is taken, or is not an address of this host",
            failure);
      }
      if (message.contains("failed to find an available port")) {
        return new QuorateException(
            ErrorCode.INTERNAL_ERROR,
            "port "
                + host
                + ":"
                + (port + ChannelStack.FAILURE_PORT_OFFSET)
                + " is taken; the failure detector needs it (peer port + "
                + ChannelStack.FAILURE_PORT_OFFSET
                + ")",
            failure);
      }
    }
    return new QuorateException(
        ErrorCode.INTERNAL_ERROR,
        "the channel on " + host + ":" + port + " did not open: " + failure.getMessage(),
        failure);
  }

  /** A fresh address that says whose it is. */
  static Address addressOf(MemberId member) {
    return ExtendedUUID.randomUUID(member.toString())
        .put(MEMBER_KEY, member.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void awaitCallbacks() {
    long start = nanoClock.getAsLong();
    while (callbacks.get() > 0) {
      if (nanoClock.getAsLong() - start > CALLBACK_WAIT_MAX.toNanos()) {
        log.atWarn().addKeyValue("member", config.self()).log("a delivery outlived the messenger");
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  // Who is who

  private @Nullable Remote remoteOf(Address address) {
    Remote remote = addresses.get(address);
    return remote != null ? remote : learn(address);
  }

  /** Takes the process behind {@code address} for the living one of its member. */
  private @Nullable Remote learn(Address address) {
    MemberId member = memberOf(address);
    if (member == null) {
      return null;
    }
    Remote former;
    Remote remote;
    lock.lock();
    try {
      remote = addresses.get(address);
      if (remote != null) {
        return remote;
      }
      LinkedHashSet<Address> gone = retired.computeIfAbsent(member, m -> new LinkedHashSet<>());
      if (gone.contains(address)) {
        return null;
      }
      former = members.get(member);
      if (former != null) {
        retire(former, gone);
      }
      remote = new Remote(member, address, nanoClock.getAsLong());
      addresses.put(address, remote);
      members.put(member, remote);
    } finally {
      lock.unlock();
    }
    if (former != null) {
      log.atInfo().addKeyValue("member", member).log("member has a new process");
      if (former.wasReported()) {
        // What was sent to it since will not be answered either.
        reportUnanswered(former);
      } else {
        reportLost(former);
      }
    }
    return remote;
  }

  @GuardedBy("lock")
  private void retire(Remote former, Set<Address> gone) {
    addresses.remove(former.address);
    gone.add(former.address);
    if (gone.size() > Limits.RETIRED_ADDRESSES_PER_MEMBER) {
      gone.remove(gone.iterator().next());
    }
  }

  private static @Nullable MemberId memberOf(Address address) {
    byte[] text = address instanceof ExtendedUUID uuid ? uuid.get(MEMBER_KEY) : null;
    if (text == null) {
      return null;
    }
    try {
      return MemberId.parse(new String(text, StandardCharsets.UTF_8));
    } catch (InvariantViolation | NumberFormatException e) {
      log.atWarn().addKeyValue("address", address).log("address without a valid member id");
      return null;
    }
  }

  /** Once for each time a process is given up. */
  private void reportLost(Remote remote) {
    Inbox to = inbox;
    if (to != null && remote.reportLost()) {
      log.atInfo().addKeyValue("member", remote.member).log("member lost");
      to.onMemberLost(remote.member);
    }
  }

  private void reportUnanswered(Remote remote) {
    Inbox to = inbox;
    if (to != null) {
      to.onMemberLost(remote.member);
    }
  }

  /** One process of one member. */
  private static final class Remote {
    final MemberId member;
    final Address address;
    volatile boolean inView;
    volatile long heardNanos;
    private final AtomicInteger lostReports = new AtomicInteger();

    Remote(MemberId member, Address address, long nowNanos) {
      this.member = member;
      this.address = address;
      this.heardNanos = nowNanos;
    }

    void entersView() {
      inView = true;
      lostReports.set(0);
    }

    boolean wasReported() {
      return lostReports.get() > 0;
    }

    boolean reportLost() {
      return lostReports.compareAndSet(0, 1);
    }
  }

  // Coming in

  private final class Incoming implements Receiver {

    @Override
    public void receive(Message message) {
      run(() -> deliver(message));
    }

    @Override
    public void receive(MessageBatch batch) {
      run(
          () -> {
            for (Message message : batch) {
              deliver(message);
            }
          });
    }

    @Override
    public void viewAccepted(View view) {
      run(() -> accept(view));
    }

    /** So that {@link #close} can wait for what has begun, and nothing begins after it. */
    private void run(Runnable delivery) {
      callbacks.incrementAndGet();
      inCallback.set(true);
      try {
        if (!closed) {
          delivery.run();
        }
      } finally {
        inCallback.set(false);
        callbacks.decrementAndGet();
      }
    }

    private void deliver(Message message) {
      Inbox to = inbox;
      Remote remote = remoteOf(message.getSrc());
      if (remote == null || to == null || !message.hasArray() || message.getArray() == null) {
        return;
      }
      remote.heardNanos = nanoClock.getAsLong();
      try {
        to.onFrame(remote.member, message.getArray(), message.getOffset(), message.getLength());
      } catch (RuntimeException e) {
        log.atError().addKeyValue("from", remote.member).setCause(e).log("frame not handled");
      }
    }

    /** A view lists the older process of a member before the newer one. */
    private void accept(View view) {
      Set<Address> present = new HashSet<>();
      for (Address address : view.getMembers()) {
        Remote remote = remoteOf(address);
        if (remote != null) {
          if (!remote.inView && remote.wasReported()) {
            // Frames sent to it meanwhile went without retransmission, and calls may wait for long.
            reportUnanswered(remote);
          }
          remote.entersView();
          remote.heardNanos = nanoClock.getAsLong();
          present.add(address);
        }
      }
      for (Remote remote : members.values()) {
        if (remote.inView && !present.contains(remote.address)) {
          remote.inView = false;
          reportLost(remote);
        }
      }
      log.atInfo().addKeyValue("view", view).log("view accepted");
    }
  }
}
