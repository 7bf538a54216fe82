package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.io.PrintWriter;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;

/**
 * A failure as Avatica's handlers send it. They put the printed stack trace into the answer, so
 * this one prints its message alone.
 */
final class AvaticaFailure extends AvaticaRuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int ID_CHARS_SHOWN = 64;

  private AvaticaFailure(String message, int number, String sqlState) {
    super(message, number, sqlState, AvaticaSeverity.ERROR);
  }

  static AvaticaFailure of(QuorateException failure) {
    ErrorCode code = failure.code();
    return new AvaticaFailure(
        String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
        code.number(),
        code.sqlState());
  }

  /** The number is Avatica's: it makes a client that was told to open the connection again. */
  static AvaticaFailure noSuchConnection(String id) {
    return new AvaticaFailure(
        "connection " + shown(id) + " is closed, has expired, or belongs to another node",
        ErrorResponse.MISSING_CONNECTION_ERROR_CODE,
        ErrorCode.CONNECTION_CLOSED.sqlState());
  }

  /** The client chose it, so it may be anything; a message is one line, and not a long one. */
  private static String shown(String id) {
    return id.codePoints()
        .limit(ID_CHARS_SHOWN)
        .map(point -> Character.isLetterOrDigit(point) || point == '-' ? point : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Override
  public String getMessage() {
    return getErrorMessage();
  }

  @Override
  public void printStackTrace(PrintWriter writer) {
    writer.print(getErrorMessage());
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
