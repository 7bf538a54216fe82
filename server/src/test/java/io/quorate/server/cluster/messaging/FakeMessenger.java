package io.quorate.server.cluster.messaging;

import io.quorate.server.cluster.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands each frame to its peer on the sender's own stack. Confined to the test's thread. */
final class FakeMessenger implements Messenger {
  private final MemberId self;
  final List<byte[]> sent = new ArrayList<>();
  @Nullable FakeMessenger peer;
  int copies = 1;
  private @Nullable Inbox inbox;

  FakeMessenger(MemberId self) {
    this.self = self;
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
    sent.add(frame);
    FakeMessenger receiver = peer;
    for (int i = 0; i < copies && receiver != null; i++) {
      receiver.receive(self, frame);
    }
  }

  @Override
  public boolean knows(MemberId member) {
    return true;
  }

  @Override
  public void close() {
    inbox = null;
  }

  void receive(MemberId from, byte[] frame) {
    if (inbox != null) {
      inbox.onFrame(from, frame, 0, frame.length);
    }
  }

  void lose(MemberId member) {
    if (inbox != null) {
      inbox.onMemberLost(member);
    }
  }

  /** The last frame sent, as if it came back under another kind. */
  byte[] lastSentAs(byte kind) {
    byte[] frame = sent.get(sent.size() - 1).clone();
    frame[0] = kind;
    return frame;
  }
}
