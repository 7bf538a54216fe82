package io.quorate.server.frontend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what all clients together leave untaken. Each has a bound of its own, {@link
 * Limits#ANSWER_BYTES_HIGH} and one answer above it, but there may be ten thousand of them. Those
 * above the mark are counted; when they hold more than all together may, the ones that have been
 * there longest are cut off. A client that reads passes the mark for a moment only. Thread-safe.
 */
@Sharable
final class SlowClients extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(SlowClients.class);

  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();

  /** What each left untaken when it passed the mark; the longest there first. */
  @GuardedBy("lock")
  private final Map<Channel, Long> above = new LinkedHashMap<>();

  @GuardedBy("lock")
  private long bytes;

  SlowClients(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Channel channel = context.channel();
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    if (channel.isWritable() || pending == null) {
      leave(channel);
    } else {
      enter(channel, pending.totalPendingWriteBytes());
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    leave(context.channel());
    context.fireChannelInactive();
  }

  private void enter(Channel channel, long untaken) {
    List<Channel> cutOff = new ArrayList<>();
    lock.lock();
    try {
      remove(channel);
      above.put(channel, untaken);
      bytes += untaken;
      Iterator<Map.Entry<Channel, Long>> longest = above.entrySet().iterator();
      while (bytes > bytesMax && longest.hasNext()) {
        Map.Entry<Channel, Long> next = longest.next();
        longest.remove();
        bytes -= next.getValue();
        cutOff.add(next.getKey());
      }
    } finally {
      lock.unlock();
    }
    for (Channel slow : cutOff) {
      log.atWarn()
          .addKeyValue("client", slow.remoteAddress())
          .log("client cut off: too many answers untaken");
      var unused = slow.close();
    }
  }

  private void leave(Channel channel) {
    lock.lock();
    try {
      remove(channel);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void remove(Channel channel) {
    Long untaken = above.remove(channel);
    if (untaken != null) {
      bytes -= untaken;
    }
  }

  /** What is counted at present. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
