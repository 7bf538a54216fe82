package io.quorate.server.cluster.messaging;

import org.jgroups.Message;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.MessageBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages of others up on the thread that read them from the socket: no hand-off to JGroups'
 * pool, which costs as much as all that is done with a small message. What is above only parses and
 * enqueues, and never waits for another message. Out-of-band messages, among them those that
 * somebody may wait for, and a node's messages to itself go through the pool as before.
 *
 * <p>Public because JGroups makes it by its name.
 */
public final class DirectReceiving extends MaxOneThreadPerSender {
  private static final Logger logger = LoggerFactory.getLogger(DirectReceiving.class);

  @Override
  public boolean process(Message message, boolean outOfBand) {
    if (outOfBand) {
      return super.process(message, true);
    }
    try {
      tp.passMessageUp(message, true, message.getDest() == null, true);
    } catch (RuntimeException e) {
      // It would end the connection that others use as well.
      logger.atError().addKeyValue("from", message.getSrc()).setCause(e).log("message not handled");
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
      logger.atError().addKeyValue("from", batch.sender()).setCause(e).log("batch not handled");
    }
    return true;
  }
}
