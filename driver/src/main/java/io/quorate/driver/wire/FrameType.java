package io.quorate.driver.wire;

import org.jspecify.annotations.Nullable;

/** What a frame carries. Numbers up to 63 go to the server, those from 64 on to the client. */
public enum FrameType {
  HELLO(1),
  EXECUTE(2),
  EXECUTE_BATCH(3),
  DESCRIBE(4),
  FETCH(5),
  /** Is not answered. */
  CLOSE_CURSOR(6),
  COMMIT(7),
  ROLLBACK(8),
  SET(9),
  METADATA(10),
  PING(11),
  CANCEL(12),
  /** Is not answered; the server closes the connection. */
  BYE(13),
  /** Comes behind CHALLENGE only. */
  AUTHENTICATE(14),
  SAVEPOINT(15),
  READ_VALUE(16),
  WRITE_VALUE(17),
  NEXT_RESULT(18),

  WELCOME(64),
  RESULT(65),
  BATCH_RESULT(66),
  DESCRIPTION(67),
  ROWS(68),
  DONE(69),
  ERROR(70),
  CHALLENGE(71),
  VALUE(72);

  private static final int NUMBERS = 128;
  private static final @Nullable FrameType[] BY_NUMBER = new FrameType[NUMBERS];

  static {
    for (FrameType type : values()) {
      BY_NUMBER[type.number] = type;
    }
  }

  private final int number;

  FrameType(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public boolean fromClient() {
    return number < 64;
  }

  /**
   * The type of this number.
   *
   * @throws ProtocolException when no frame has this number
   */
  public static FrameType of(int number) {
    FrameType type = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    if (type == null) {
      throw new ProtocolException("no frame has the number " + number);
    }
    return type;
  }
}
