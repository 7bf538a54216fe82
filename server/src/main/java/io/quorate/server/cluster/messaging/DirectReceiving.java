package io.quorate.server.cluster.messaging;

import org.jgroups.Message;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.MessageBatch;

/**
 * Takes messages of others up on the thread that read them from the socket: no hand-off to JGroups'
 * pool, which costs as much as all that is done with a small message. What is above only parses and
 * enqueues, and never waits for another message. Out-of-band messages, among them those that
 * somebody may wait for, and a node's messages to itself go through the pool as before.
 *
 * <p>Public because JGroups makes it by its name. It logs as the rest of JGroups does.
 */
public final class DirectReceiving extends MaxOneThreadPerSender {
  @Override
  public boolean process(Message message, boolean outOfBand) {
    if (outOfBand) {
      return super.process(message, true);
    }
    try {
      tp.passMessageUp(message, true, message.getDest() == null, true);
    } catch (RuntimeException e) {
      // It would end the connection that others use as well.
      log.error("a message of " + message.getSrc() + " was not handled", e);
    }
    return true;
  }

  @Override
  public boolean process(MessageBatch batch, boolean outOfBand) {
    if (outOfBand) {
      return super.process(batch, true);
    }
    try {
      new BatchHandler(batch, false).run();
    } catch (RuntimeException e) {
      log.error("messages of " + batch.sender() + " were not handled", e);
    }
    return true;
  }
}
