package io.quorate.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.quorate.server.config.LoggingConfig;
import java.util.List;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/** Sets up logging from the configuration alone: everything goes to the standard error. */
final class LogSetup {
  private static final String COLUMNS =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %-20.20thread %-30.30logger{30} %msg %kvp%n";

  /** Others' stories are told from here on; ours from the level that is configured. */
  private static final List<String> THIRD_PARTIES = List.of("com.alipay.sofa.jraft", "org.jgroups");

  private LogSetup() {}

  /** For commands that only print: warnings and errors. */
  static void quiet() {
    apply(new LoggingConfig(LoggingConfig.Level.WARN, LoggingConfig.Format.TEXT));
  }

  static void apply(LoggingConfig config) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Encoder<ILoggingEvent> encoder =
        config.format() == LoggingConfig.Format.JSON ? json(context) : text(context);
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Level level = Level.toLevel(config.level().name());
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    Level others = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
    THIRD_PARTIES.forEach(name -> context.getLogger(name).setLevel(others));
    adoptPlatformLogging();
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(COLUMNS);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  /** JGroups and the JDK's HTTP server write to java.util.logging. */
  private static void adoptPlatformLogging() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    root.setLevel(java.util.logging.Level.WARNING);
    root.addHandler(new PlatformLogHandler());
  }
}
