package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.WireLimits;
import io.quorate.server.lang.QuorateException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * Avatica's reading of requests, but for numbers that are long enough to cost more than they are
 * worth: the JDK reads digits in the square of their number, so a body of the largest size with one
 * of them would keep a thread for half an hour, before anybody has asked who sent it.
 */
final class BoundedTranslation extends ProtobufTranslationImpl {
  /** What the native protocol allows a DECIMAL as well: 16,384 bytes of two's complement. */
  private static final int DIGITS_MAX = WireLimits.DECIMAL_BYTES_MAX * 5 / 2;

  @Override
  public Service.Request parseRequest(byte[] bytes) throws IOException {
    if (bytes.length > DIGITS_MAX) {
      requireShortNumbers(bytes);
    }
    return super.parseRequest(bytes);
  }

  private static void requireShortNumbers(byte[] bytes) throws IOException {
    Common.WireMessage message = Common.WireMessage.parseFrom(bytes);
    if (message.getName().equals(Requests.ExecuteRequest.class.getName())) {
      Requests.ExecuteRequest.parseFrom(message.getWrappedMessage())
          .getParameterValuesList()
          .forEach(BoundedTranslation::requireShort);
    }
  }

  /** A value of a batch, which Avatica leaves for its user to read. */
  static TypedValue read(Common.TypedValue value) {
    requireShort(value);
    try {
      return TypedValue.fromProto(value);
    } catch (RuntimeException e) {
      // Avatica says so by bare RuntimeExceptions too; there is nothing here but what was sent.
      throw new QuorateException(
          ErrorCode.PROTOCOL_VIOLATION, "a parameter is no value of type " + value.getType(), e);
    }
  }

  private static void requireShort(Common.TypedValue value) {
    if (value.getType() == Common.Rep.BIG_DECIMAL
        && value.getStringValueBytes().size() > DIGITS_MAX) {
      throw tooLong();
    }
    value.getArrayValueList().forEach(BoundedTranslation::requireShort);
  }

  /** A number, unless writing it out would take more digits than a DECIMAL may have. */
  static Object requireShort(Object value) {
    if (value instanceof BigInteger whole) {
      requireShort(whole, 0);
    } else if (value instanceof BigDecimal decimal) {
      requireShort(decimal.unscaledValue(), decimal.scale());
    }
    return value;
  }

  private static void requireShort(BigInteger unscaled, int scale) {
    if (Math.abs((long) scale) > WireLimits.DECIMAL_SCALE_MAX
        || unscaled.bitLength() >= WireLimits.DECIMAL_BYTES_MAX * Byte.SIZE) {
      throw tooLong();
    }
  }

  private static QuorateException tooLong() {
    return new QuorateException(
        ErrorCode.NUMBER_OUT_OF_RANGE, "a number has more digits than any column takes");
  }
}
