package io.quorate.server.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.WireLimits;
import io.quorate.driver.wire.WireReader;
import io.quorate.server.lang.QuorateException;
import java.util.List;

/**
 * Cuts the bytes of a connection into frames, after the preamble that each connection begins with.
 * Confined to the event loop of its connection.
 */
final class NativeFrames extends ByteToMessageDecoder {
  private final ByteBudget budget;
  private boolean greeted;
  private boolean broken;
  private long taken;
  private boolean measured;

  /** Set by whoever writes WELCOME. */
  private volatile boolean entered;

  NativeFrames(ByteBudget budget) {
    this.budget = budget;
  }

  /**
   * A frame.
   *
   * @param length of it in bytes
   * @param bytesTaken from the budget, to be given back when the request is done
   */
  record Received(Frame frame, int length, long bytesTaken) {}

  /**
   * Bytes that end the connection.
   *
   * @param callId of the request they were to be; 0 if that is unknown
   */
  record Broken(int callId, RuntimeException cause) {}

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      if (!greeted) {
        readPreamble(in);
      } else {
        readFrame(in, out);
      }
    } catch (ProtocolException | QuorateException e) {
      broken = true;
      out.add(new Broken(callIdOf(in), e));
      in.skipBytes(in.readableBytes());
    }
  }

  private void readPreamble(ByteBuf in) {
    if (in.readableBytes() < Frame.PREAMBLE_BYTES) {
      return;
    }
    in.skipBytes(Frame.PREAMBLE_BYTES - 1);
    int version = in.readUnsignedByte();
    if (version != Frame.VERSION) {
      throw new QuorateException(
          ErrorCode.NOT_SUPPORTED,
          "this node speaks version "
              + Frame.VERSION
              + " of the native protocol, the client "
              + version);
    }
    greeted = true;
  }

  private void readFrame(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < Frame.LENGTH_BYTES + Frame.HEAD_BYTES) {
      return;
    }
    int length = Frame.requireLength(in.getInt(in.readerIndex()));
    if (!measured) {
      measure(length);
    }
    if (in.readableBytes() < Frame.LENGTH_BYTES + length) {
      return;
    }
    byte[] bytes = new byte[length];
    in.skipBytes(Frame.LENGTH_BYTES).readBytes(bytes);
    Frame frame = Frame.read(new WireReader(bytes));
    out.add(new Received(frame, length, taken));
    taken = 0;
    measured = false;
  }

  private void measure(int length) {
    if (!entered && length > WireLimits.GREETING_BYTES_MAX) {
      throw new ProtocolException(
          "a frame of "
              + length
              + " bytes before WELCOME; the bound is "
              + WireLimits.GREETING_BYTES_MAX);
    }
    if (length > Limits.SMALL_REQUEST_BYTES) {
      if (!budget.tryTake(length)) {
        throw new QuorateException(
            ErrorCode.OVERLOADED, "the node has too many large requests at once");
      }
      taken = length;
    }
    measured = true;
  }

  private static int callIdOf(ByteBuf in) {
    int at = in.readerIndex() + Frame.LENGTH_BYTES + Frame.HEAD_BYTES - Integer.BYTES;
    return in.writerIndex() >= at + Integer.BYTES ? in.getInt(at) : 0;
  }

  /** The client has been let in: its frames may be large, and far apart. From any thread. */
  void enter() {
    entered = true;
  }

  boolean entered() {
    return entered;
  }

  /** Whether a part of a frame is here and the client owes the rest. */
  boolean inFrame() {
    return !greeted || actualReadableBytes() > 0;
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    budget.giveBack(taken);
    taken = 0;
  }
}
