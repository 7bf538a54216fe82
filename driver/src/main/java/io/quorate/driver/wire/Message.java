package io.quorate.driver.wire;

/** What one frame says. Immutable. The classes of this package are all there are. */
public abstract class Message {
  Message() {}

  public abstract FrameType type();

  abstract void write(WireWriter writer);

  /** What an answer says of the session; nothing in a request. */
  public SessionState state() {
    return SessionState.NOTHING;
  }

  /**
   * Appends the whole frame.
   *
   * @throws ProtocolException when it is above the bound; then nothing was appended
   */
  public final void writeFrame(WireWriter writer, int callId) {
    int before = writer.length();
    writer.beginFrame(type(), callId);
    boolean written = false;
    try {
      write(writer);
      writer.endFrame();
      written = true;
    } finally {
      if (!written) {
        writer.truncate(before);
      }
    }
  }

  static Message read(FrameType type, WireReader reader) {
    switch (type) {
      case HELLO:
        return Hello.read(reader);
      case EXECUTE:
        return Execute.read(reader);
      case EXECUTE_BATCH:
        return ExecuteBatch.read(reader);
      case DESCRIBE:
        return Describe.read(reader);
      case FETCH:
        return Fetch.read(reader);
      case CLOSE_CURSOR:
        return CloseCursor.read(reader);
      case COMMIT:
        return Commit.read(reader);
      case SET:
        return SetSettings.read(reader);
      case METADATA:
        return MetadataCall.read(reader);
      case CANCEL:
        return Cancel.read(reader);
      case AUTHENTICATE:
        return Authenticate.read(reader);
      case SAVEPOINT:
        return SavepointCall.read(reader);
      case READ_VALUE:
        return ReadValue.read(reader);
      case WRITE_VALUE:
        return WriteValue.read(reader);
      case ROLLBACK:
      case PING:
      case BYE:
      case NEXT_RESULT:
        return Signal.of(type);
      case WELCOME:
        return Welcome.read(reader);
      case RESULT:
        return Result.read(reader);
      case BATCH_RESULT:
        return BatchResult.read(reader);
      case DESCRIPTION:
        return Description.read(reader);
      case ROWS:
        return Rows.read(reader);
      case DONE:
        return Done.read(reader);
      case ERROR:
        return Failure.read(reader);
      case CHALLENGE:
        return Challenge.read(reader);
      case VALUE:
        return ValuePart.read(reader);
    }
    throw new IllegalStateException("unreachable: " + type);
  }
}
