package io.quorate.server.lang;

/**
 * Names one write of one client, so that repeating it returns the first outcome.
 *
 * @param client drawn at random by the client when it connects
 * @param sequence counted up by the client from 1, one a write
 */
public record RequestId(long client, long sequence) {
  public RequestId {
    if (sequence < 1) {
      throw new IllegalArgumentException("a request sequence begins at 1, this is " + sequence);
    }
  }

  @Override
  public String toString() {
    return Long.toHexString(client) + "-" + sequence;
  }
}
