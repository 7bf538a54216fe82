package io.quorate.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.calcite.avatica.DriverVersion;

/** Name and version of this driver, as the build wrote them. */
final class DriverInfo {
  static final String NAME = "Quorate JDBC Driver";
  static final String PRODUCT = "Quorate";
  static final String VERSION = load();

  private DriverInfo() {}

  private static String load() {
    Properties properties = new Properties();
    try (InputStream in = DriverInfo.class.getResourceAsStream("driver.properties")) {
      if (in == null) {
        return "0.0";
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("driver.properties cannot be read", e);
    }
    return properties.getProperty("version", "0.0");
  }

  static DriverVersion driverVersion() {
    int major = numberAt(VERSION, 0);
    int minor = numberAt(VERSION, 1);
    return new DriverVersion(NAME, VERSION, PRODUCT, VERSION, false, major, minor, major, minor);
  }

  /** The first or second number of a version such as {@code 1.2.3-rc1}; 0 where there is none. */
  static int numberAt(String version, int index) {
    String[] parts = version.split("[.+-]", -1);
    if (index < parts.length && parts[index].matches("[0-9]{1,6}")) {
      return Integer.parseInt(parts[index]);
    }
    return 0;
  }
}
