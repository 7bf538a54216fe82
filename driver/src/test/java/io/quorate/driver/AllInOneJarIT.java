package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.route.FakeCluster;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The jar for BI tools: alone on a class path it is a driver, and brings nothing that could clash.
 */
class AllInOneJarIT {
  private static final long BYTES_MAX = 12L << 20;
  private static final int JAVA_11 = 55;

  private final Path jar = Path.of(System.getProperty("quorate.driver.all"));

  @Test
  void it_is_a_driver_without_anything_beside_it() throws IOException, SQLException {
    try (FakeCluster cluster = FakeCluster.of(1);
        URLClassLoader alone =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      List<Driver> drivers = new ArrayList<>();
      ServiceLoader.load(Driver.class, alone).forEach(drivers::add);
      assertThat(drivers)
          .extracting(driver -> driver.getClass().getName())
          .containsExactly("io.quorate.driver.QuorateDriver");
      try (Connection connection = drivers.get(0).connect(cluster.url(), new Properties());
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT node")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("n1");
        assertThat(connection.getMetaData().getDriverVersion()).doesNotContain("$");
        connection.getMetaData().getProcedures(null, null, null).close();
      }
    }
  }

  @Test
  void all_that_is_not_ours_is_relocated() throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      assertThat(
              file.stream()
                  .map(JarEntry::getName)
                  .filter(name -> name.endsWith(".class"))
                  .filter(name -> !name.startsWith("io/quorate/driver/"))
                  .collect(Collectors.toList()))
          .isEmpty();
    }
  }

  @Test
  void it_is_small_and_runs_on_java_11() throws IOException {
    assertThat(Files.size(jar)).isLessThan(BYTES_MAX);
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().collect(Collectors.toList())) {
        if (entry.getName().endsWith(".class")) {
          try (DataInputStream in = new DataInputStream(file.getInputStream(entry))) {
            in.readInt();
            in.readUnsignedShort();
            assertThat(in.readUnsignedShort()).as(entry.getName()).isLessThanOrEqualTo(JAVA_11);
          }
        }
      }
    }
  }
}
