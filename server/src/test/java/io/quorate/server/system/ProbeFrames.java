package io.quorate.server.system;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What probe and client say to each other: a length, then that many bytes. */
final class ProbeFrames {
  static final int PROPOSE = 1;
  static final int GET = 2;
  static final int BARRIER_GET = 3;
  static final int SCAN = 4;
  static final int STATUS = 5;
  static final int TRANSFER = 6;

  static final int OK = 0;
  static final int ERROR = 1;

  private static final int FRAME_BYTES_MAX = 128 << 20;

  private ProbeFrames() {}

  /** Something that writes the content of a frame. */
  @FunctionalInterface
  interface Content {
    void writeTo(DataOutputStream frame) throws IOException;
  }

  static byte[] bytes(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  static void send(DataOutputStream out, byte[] frame) throws IOException {
    writeBytes(out, frame);
    out.flush();
  }

  static DataInputStream receive(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > FRAME_BYTES_MAX) {
      throw new IOException("a frame of " + length + " bytes");
    }
    return new DataInputStream(new ByteArrayInputStream(in.readNBytes(length)));
  }

  static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }
}
