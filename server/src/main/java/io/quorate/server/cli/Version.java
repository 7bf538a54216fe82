package io.quorate.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of the jar that runs, which Maven has written into it. */
final class Version implements IVersionProvider {
  private static final String PROPERTIES =
      "/META-INF/maven/io.quorate/quorate-server/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"quorate " + ofJar(), "Java " + Runtime.version()};
  }

  private static String ofJar() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
      if (in != null) {
        properties.load(in);
      }
    }
    return properties.getProperty("version", "(built from classes, no version)");
  }
}
