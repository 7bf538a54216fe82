package io.quorate.server.frontend;

import io.quorate.server.lang.Invariant;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of the jar that runs, as Maven has written it there. */
final class ProductVersion {
  private static final String PROPERTIES =
      "/META-INF/maven/io.quorate/quorate-server/pom.properties";

  private ProductVersion() {}

  /** Such as {@code 1.2.3}; {@code 0} for classes that are in no jar. */
  static String read() {
    Properties properties = new Properties();
    try (InputStream in = ProductVersion.class.getResourceAsStream(PROPERTIES)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw Invariant.violation("the version in the jar cannot be read", e);
    }
    return properties.getProperty("version", "0");
  }
}
