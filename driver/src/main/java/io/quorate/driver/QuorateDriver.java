package io.quorate.driver;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.DriverVersion;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.UnregisteredDriver;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC driver; {@code java.sql.DriverManager} finds it by itself. URLs are as {@link
 * QuorateUrl} describes, options as {@link ConnectionOption}.
 */
public final class QuorateDriver extends UnregisteredDriver {
  static {
    new QuorateDriver().register();
  }

  private final SecureRandom random = new SecureRandom();

  /** For the service loader. */
  public QuorateDriver() {}

  @Override
  public @Nullable Connection connect(@Nullable String url, @Nullable Properties info)
      throws SQLException {
    if (url == null || !acceptsURL(url)) {
      return null;
    }
    Properties properties = info == null ? new Properties() : info;
    QuorateUrl parsed = QuorateUrl.parse(url, properties);
    QuorateConnection connection = new QuorateConnection(this, factory, url, properties, parsed);
    boolean opened = false;
    try {
      connection.open(random);
      opened = true;
      return connection;
    } finally {
      if (!opened) {
        connection.close();
      }
    }
  }

  @Override
  public boolean acceptsURL(@Nullable String url) {
    return url != null && QuorateUrl.accepts(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
    List<DriverPropertyInfo> list = new ArrayList<>();
    for (ConnectionOption option : ConnectionOption.values()) {
      String given = info == null ? null : info.getProperty(option.key());
      DriverPropertyInfo property =
          new DriverPropertyInfo(option.key(), given == null ? option.defaultValue() : given);
      property.description = option.description();
      if (!option.choices().isEmpty()) {
        property.choices = option.choices().toArray(new String[0]);
      }
      list.add(property);
    }
    return list.toArray(new DriverPropertyInfo[0]);
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("io.quorate.driver");
  }

  @Override
  protected String getConnectStringPrefix() {
    return QuorateUrl.PREFIX;
  }

  @Override
  protected DriverVersion createDriverVersion() {
    return DriverInfo.driverVersion();
  }

  @Override
  protected AvaticaFactory createFactory() {
    return new QuorateFactory();
  }

  @Override
  public Meta createMeta(AvaticaConnection connection) {
    return new ClientMeta(connection);
  }
}
