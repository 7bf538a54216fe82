package io.quorate.server.cluster.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.lang.QuorateException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JGroupsMessengerIT {
  private static final MemberId A = new MemberId("a", 1);
  private static final MemberId B = new MemberId("b", 2);

  private final List<InetSocketAddress> addresses = LoopbackPorts.find(3);
  private final List<JGroupsMessenger> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(JGroupsMessenger::close);
  }

  @Test
  void frames_of_all_sizes_arrive_whole_and_in_order() {
    Received atB = new Received();
    JGroupsMessenger a = open(A, "one", 0, new Received());
    open(B, "one", 1, atB);
    awaitKnows(a, B);
    SplittableRandom random = new SplittableRandom(1);
    List<ByteBuffer> sent = new ArrayList<>();

    for (int size : new int[] {1, 100, 50_000, 60_000, 70_000, 1_000_000, 3}) {
      for (int i = 0; i < 20; i++) {
        byte[] frame = new byte[size];
        random.nextBytes(frame);
        sent.add(ByteBuffer.wrap(frame));
        a.send(B, frame, 0, size);
      }
    }

    await().atMost(Duration.ofSeconds(20)).until(() -> atB.frames.size() >= sent.size());
    assertThat(atB.frames).isEqualTo(sent);
  }

  @Test
  void a_frame_beyond_the_limit_is_refused() {
    JGroupsMessenger a = open(A, "one", 0, new Received());

    assertThatThrownBy(() -> a.send(B, new byte[0], 0, Limits.FRAME_BYTES_MAX + 1))
        .isInstanceOfSatisfying(
            QuorateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining("16777217 bytes");
  }

  @Test
  void members_of_another_cluster_stay_strangers() {
    Received atA = new Received();
    JGroupsMessenger a = open(A, "one", 0, atA);
    JGroupsMessenger stranger = open(B, "two", 1, new Received());
    MemberId c = new MemberId("c", 3);
    JGroupsMessenger friend = open(c, "one", 2, new Received());
    awaitKnows(a, c);
    awaitKnows(friend, A);

    assertThat(a.knows(B)).isFalse();
    assertThat(stranger.knows(A)).isFalse();
    stranger.send(A, new byte[] {1}, 0, 1);
    friend.send(A, new byte[] {2}, 0, 1);
    await().atMost(Duration.ofSeconds(10)).until(() -> !atA.frames.isEmpty());
    assertThat(atA.frames).containsExactly(ByteBuffer.wrap(new byte[] {2}));
  }

  @Test
  void a_member_is_lost_when_it_leaves_and_again_when_a_new_process_takes_its_place() {
    Received atA = new Received();
    JGroupsMessenger a = open(A, "one", 0, atA);
    JGroupsMessenger b = open(B, "one", 1, new Received());
    awaitKnows(b, A);
    awaitKnows(a, B);

    b.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> !atA.lost.isEmpty());
    Received atNewB = new Received();
    JGroupsMessenger newB = open(B, "one", 1, atNewB);
    awaitKnows(newB, A);
    newB.send(A, new byte[] {7}, 0, 1);
    await().atMost(Duration.ofSeconds(10)).until(() -> !atA.frames.isEmpty());
    a.send(B, new byte[] {8}, 0, 1);
    await().atMost(Duration.ofSeconds(10)).until(() -> !atNewB.frames.isEmpty());

    assertThat(atA.lost).containsExactly(B, B); // calls made in between have no answer to wait for
  }

  @Test
  void peers_are_listed_with_their_addresses_and_their_silence() {
    JGroupsMessenger a = open(A, "one", 0, new Received());
    open(B, "one", 1, new Received());
    awaitKnows(a, B);

    assertThat(a.peers()).extracting(JGroupsMessenger.Peer::member).containsExactly(A, B);
    assertThat(a.peers())
        .extracting(JGroupsMessenger.Peer::address)
        .containsExactly(
            "127.0.0.1:" + addresses.get(0).getPort(), "127.0.0.1:" + addresses.get(1).getPort());
    assertThat(a.peers()).allMatch(JGroupsMessenger.Peer::inView);
    assertThat(a.peers()).allMatch(peer -> peer.silence().toSeconds() < 30);
  }

  @Test
  void a_contact_given_later_brings_two_clusters_of_one_name_together() {
    JGroupsMessenger a =
        opened(new JGroupsMessenger(config(A, "one", 0, List.of()), System::nanoTime));
    JGroupsMessenger b =
        opened(new JGroupsMessenger(config(B, "one", 1, List.of()), System::nanoTime));
    assertThat(a.knows(B)).isFalse();

    a.addContact(addresses.get(1));

    awaitKnows(a, B);
    awaitKnows(b, A);
  }

  @Test
  void a_taken_peer_port_is_named() throws IOException {
    InetSocketAddress address = addresses.get(0);
    try (ServerSocket taken = new ServerSocket(address.getPort(), 1, address.getAddress())) {
      assertThatThrownBy(() -> open(A, "one", 0, new Received()))
          .isInstanceOf(QuorateException.class)
          .hasMessage(
              "peer address 127.0.0.1:%d is taken, or is not an address of this host",
              taken.getLocalPort());
    }
  }

  @Test
  void a_taken_port_of_the_failure_detector_is_named() throws IOException {
    int port = addresses.get(0).getPort() + ChannelStack.FAILURE_PORT_OFFSET;
    try (ServerSocket taken = new ServerSocket(port, 1, addresses.get(0).getAddress())) {
      assertThatThrownBy(() -> open(A, "one", 0, new Received()))
          .isInstanceOf(QuorateException.class)
          .hasMessageContaining("port 127.0.0.1:" + taken.getLocalPort() + " is taken");
    }
  }

  @Test
  void a_host_that_cannot_be_resolved_is_named() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no-such-host.invalid", 1);
    MessengerConfig config =
        new MessengerConfig(A, "one", nowhere, List.of(), MessengerConfig.Timeouts.DEFAULT);

    assertThatThrownBy(() -> opened(new JGroupsMessenger(config, System::nanoTime)))
        .isInstanceOf(QuorateException.class)
        .hasMessage("peer host \"no-such-host.invalid\" cannot be resolved");
    assertThatThrownBy(
            () ->
                opened(
                    new JGroupsMessenger(config(A, "one", 0, List.of(nowhere)), System::nanoTime)))
        .isInstanceOf(QuorateException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  private JGroupsMessenger open(MemberId self, String cluster, int address, Received inbox) {
    JGroupsMessenger messenger =
        new JGroupsMessenger(config(self, cluster, address, addresses), System::nanoTime);
    open.add(messenger);
    messenger.open(inbox);
    return messenger;
  }

  private JGroupsMessenger opened(JGroupsMessenger messenger) {
    open.add(messenger);
    messenger.open(new Received());
    return messenger;
  }

  private MessengerConfig config(
      MemberId self, String cluster, int address, List<InetSocketAddress> contacts) {
    return new MessengerConfig(
        self, cluster, addresses.get(address), contacts, MessengerConfig.Timeouts.DEFAULT);
  }

  private static void awaitKnows(JGroupsMessenger messenger, MemberId member) {
    await("discovery")
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                messenger.peers().stream()
                    .anyMatch(peer -> peer.member().equals(member) && peer.inView()));
  }

  private static final class Received implements Messenger.Inbox {
    final List<ByteBuffer> frames = new CopyOnWriteArrayList<>();
    final List<MemberId> lost = new CopyOnWriteArrayList<>();

    @Override
    public void onFrame(MemberId from, byte[] buffer, int offset, int length) {
      byte[] copy = new byte[length];
      System.arraycopy(buffer, offset, copy, 0, length);
      frames.add(ByteBuffer.wrap(copy));
    }

    @Override
    public void onMemberLost(MemberId member) {
      lost.add(member);
    }
  }
}
