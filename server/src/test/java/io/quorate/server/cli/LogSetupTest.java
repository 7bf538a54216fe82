package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.server.config.LoggingConfig;
import io.quorate.server.config.LoggingConfig.Format;
import io.quorate.server.config.LoggingConfig.Level;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogSetupTest {
  private final PrintStream originalErr = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @AfterEach
  void restore() {
    System.setErr(originalErr);
    LogSetup.quiet();
  }

  @Test
  void text_is_written_in_columns() {
    apply(Level.INFO, Format.TEXT);

    logger("io.quorate.server.cli.Main").atInfo().addKeyValue("node", "n1").log("node started");

    assertThat(written.toString(StandardCharsets.UTF_8))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\S+ +\\S+Main +"
                + "node started node=\"n1\"\\R");
  }

  @Test
  void json_is_one_object_a_line() throws Exception {
    apply(Level.INFO, Format.JSON);

    logger("a").atInfo().addKeyValue("node", "n1").log("node\nstarted");

    assertThat(written.toString(StandardCharsets.UTF_8)).hasLineCount(1);
    JsonNode event = new ObjectMapper().readTree(written.toByteArray());
    assertThat(event.path("level").asText()).isEqualTo("INFO");
    assertThat(event.path("message").asText()).isEqualTo("node\nstarted");
    assertThat(event.path("kvpList").toString()).contains("n1");
  }

  @Test
  void libraries_are_heard_from_warnings_on() {
    apply(Level.DEBUG, Format.TEXT);

    logger("io.quorate.x").debug("ours");
    logger("com.alipay.sofa.jraft.x").info("too much");
    logger("org.jgroups.x").info("too much");
    logger("org.jgroups.x").warn("theirs");
    java.util.logging.Logger platform = java.util.logging.Logger.getLogger("org.jgroups.y");
    platform.info("too much");
    platform.warning("by the platform");

    assertThat(written.toString(StandardCharsets.UTF_8))
        .contains("ours", "theirs", "by the platform")
        .doesNotContain("too much");
  }

  @Test
  void a_stricter_level_holds_for_libraries_too() {
    apply(Level.ERROR, Format.TEXT);

    logger("org.jgroups.x").warn("theirs");

    assertThat(written.size()).isZero();
  }

  private void apply(Level level, Format format) {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    LogSetup.apply(new LoggingConfig(level, format));
  }

  private static Logger logger(String name) {
    return LoggerFactory.getLogger(name);
  }
}
