package io.quorate.server.admin;

/** An administrative request that cannot be granted; the message is meant for the operator. */
public final class AdminRefusal extends RuntimeException {

  /** Numbers under which clients know these refusals; the same serve SQL as vendor codes. */
  public enum Code {
    NOT_IN_CLUSTER_MODE(3032),
    NODE_NOT_FOUND(7019);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  private final Code code;
  private final String reason;

  public AdminRefusal(Code code, String message) {
    super(message);
    this.code = code;
    this.reason = message;
  }

  public Code code() {
    return code;
  }

  /** The message, which is never null. */
  public String reason() {
    return reason;
  }
}
