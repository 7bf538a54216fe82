package io.quorate.server.cluster.messaging;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.quorate.driver.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The layout of a frame: kind, call id (big-endian), and then for raft the type of the message, for
 * an error its number; the payload is the rest.
 */
final class Frame {
  static final byte RAFT_REQUEST = 1;
  static final byte RAFT_RESPONSE = 2;
  static final byte QUESTION = 3;
  static final byte ANSWER = 4;
  static final byte ERROR = 5;

  /** Asks whether the call of this id is still under way; answered only where it is not. */
  static final byte REMINDER = 6;

  /** Kind and call id. */
  static final int HEAD_BYTES = 1 + Long.BYTES;

  static final int RAFT_HEAD_BYTES = HEAD_BYTES + 1;
  private static final int ERROR_HEAD_BYTES = HEAD_BYTES + Integer.BYTES;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private Frame() {}

  static long callId(byte[] buffer, int offset) {
    return (long) LONG.get(buffer, offset + 1);
  }

  static void setCallId(byte[] frame, long callId) {
    LONG.set(frame, 1, callId);
  }

  /** Serialises the message straight behind the header; the call id may be set later. */
  static byte[] raft(byte kind, byte type, MessageLite message) {
    int size = message.getSerializedSize();
    Messenger.requireFits((long) size + RAFT_HEAD_BYTES);
    byte[] frame = new byte[RAFT_HEAD_BYTES + size];
    frame[0] = kind;
    frame[HEAD_BYTES] = type;
    CodedOutputStream out = CodedOutputStream.newInstance(frame, RAFT_HEAD_BYTES, size);
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the exact size", e);
    }
    out.checkNoSpaceLeft();
    return frame;
  }

  static byte[] bytes(byte kind, byte[] payload) {
    Messenger.requireFits((long) payload.length + HEAD_BYTES);
    byte[] frame = new byte[HEAD_BYTES + payload.length];
    frame[0] = kind;
    System.arraycopy(payload, 0, frame, HEAD_BYTES, payload.length);
    return frame;
  }

  static byte[] reminder(long callId) {
    byte[] frame = new byte[HEAD_BYTES];
    frame[0] = REMINDER;
    setCallId(frame, callId);
    return frame;
  }

  static byte[] error(ErrorCode code, String message) {
    String line = message.substring(0, Math.min(message.length(), Limits.ERROR_TEXT_CHARS_MAX));
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[ERROR_HEAD_BYTES + text.length];
    frame[0] = ERROR;
    INT.set(frame, HEAD_BYTES, code.number());
    System.arraycopy(text, 0, frame, ERROR_HEAD_BYTES, text.length);
    return frame;
  }

  /** Reads an error frame; whatever is wrong with it, the call it ends has failed. */
  static CallFailure failure(byte[] buffer, int offset, int length) {
    if (length < ERROR_HEAD_BYTES) {
      return new CallFailure(
          CallFailure.Kind.REFUSED, ErrorCode.INTERNAL_ERROR, "an error without a text");
    }
    int number = (int) INT.get(buffer, offset + HEAD_BYTES);
    String text =
        new String(
            buffer, offset + ERROR_HEAD_BYTES, length - ERROR_HEAD_BYTES, StandardCharsets.UTF_8);
    return new CallFailure(CallFailure.Kind.REFUSED, codeOf(number), text);
  }

  private static ErrorCode codeOf(int number) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    return ErrorCode.INTERNAL_ERROR;
  }
}
