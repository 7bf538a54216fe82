package io.quorate.server.cli;

import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Hands what libraries write to java.util.logging to our own log, so that there is only one. */
final class PlatformLogHandler extends Handler {
  private final SimpleFormatter formatter = new SimpleFormatter();

  @Override
  public void publish(LogRecord event) {
    String name = Objects.requireNonNullElse(event.getLoggerName(), "java");
    LoggerFactory.getLogger(name)
        .atLevel(levelOf(event.getLevel()))
        .setCause(event.getThrown())
        .log(formatter.formatMessage(event));
  }

  private static org.slf4j.event.Level levelOf(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return org.slf4j.event.Level.ERROR;
    } else if (level.intValue() >= Level.WARNING.intValue()) {
      return org.slf4j.event.Level.WARN;
    }
    return level.intValue() >= Level.INFO.intValue()
        ? org.slf4j.event.Level.INFO
        : org.slf4j.event.Level.DEBUG;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
