package io.quorate.server.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is logged at WARN and above, which no client may cause, but for a wrong password.
 * Thread-safe.
 */
final class LogAlarm extends AppenderBase<ILoggingEvent> {
  private static final int KEPT_MAX = 20;
  private static final String ENTRY_REFUSED = "entry refused";

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  private LogAlarm() {}

  static LogAlarm begin() {
    LogAlarm alarm = new LogAlarm();
    alarm.setContext(alarm.root.getLoggerContext());
    alarm.start();
    alarm.root.addAppender(alarm);
    return alarm;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.WARN)
        && !ENTRY_REFUSED.equals(event.getMessage())
        && heard.size() < KEPT_MAX) {
      String cause =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      heard.add(event.getLevel() + " " + event.getFormattedMessage() + " " + cause);
    }
  }

  /** Fails with what was heard, if something was. */
  void requireQuiet() {
    if (!heard.isEmpty()) {
      throw new AssertionError("logged: " + heard.get(0));
    }
  }

  /** Ends; what was heard. */
  List<String> end() {
    root.detachAppender(this);
    stop();
    return List.copyOf(heard);
  }
}
