package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections by bean properties, for pools and containers. To be set up by one thread before
 * others use it.
 */
public final class QuorateDataSource implements DataSource {
  private final QuorateDriver driver = new QuorateDriver();
  private final Properties properties = new Properties();
  private String hosts = "127.0.0.1:8765";
  private String schema = "";
  private @Nullable String url;
  private @Nullable PrintWriter logWriter;

  /** For containers. */
  public QuorateDataSource() {}

  /** The whole URL; it goes before hosts and schema. */
  public void setUrl(String url) {
    this.url = url;
  }

  public String getUrl() {
    return url != null ? url : "jdbc:quorate://" + hosts + "/" + schema;
  }

  /** Contact points, {@code host:port,host:port}. */
  public void setHosts(String hosts) {
    this.hosts = hosts;
  }

  public String getHosts() {
    return hosts;
  }

  public void setSchema(String schema) {
    this.schema = schema;
  }

  public String getSchema() {
    return schema;
  }

  public void setUser(String user) {
    setOption(ConnectionOption.USER, user);
  }

  public String getUser() {
    return properties.getProperty(ConnectionOption.USER.key(), "");
  }

  public void setPassword(String password) {
    setOption(ConnectionOption.PASSWORD, password);
  }

  /** Any of the options; {@link #setProperty} takes it by its name. */
  public void setOption(ConnectionOption option, String value) {
    properties.setProperty(option.key(), value);
  }

  /**
   * An option by the name that it has in URLs; a wrong one is told when a connection is asked for.
   */
  public void setProperty(String name, String value) {
    properties.setProperty(name, value);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return connect(properties);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    Properties own = new Properties();
    own.putAll(properties);
    own.setProperty(ConnectionOption.USER.key(), user);
    own.setProperty(ConnectionOption.PASSWORD.key(), password);
    return connect(own);
  }

  private Connection connect(Properties own) throws SQLException {
    Connection connection = driver.connect(getUrl(), own);
    if (connection == null) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER, "wrong URL: it begins with " + QuorateUrl.PREFIX);
    }
    return connection;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    logWriter = out;
  }

  /** Seconds for each node that is tried; 0 for the default. */
  @Override
  public void setLoginTimeout(int seconds) {
    if (seconds == 0) {
      properties.remove(ConnectionOption.CONNECT_TIMEOUT.key());
    } else {
      setOption(ConnectionOption.CONNECT_TIMEOUT, String.valueOf(seconds * 1000L));
    }
  }

  @Override
  public int getLoginTimeout() {
    String millis = properties.getProperty(ConnectionOption.CONNECT_TIMEOUT.key(), "0");
    return (int) (Long.parseLong(millis) / 1000);
  }

  @Override
  public Logger getParentLogger() {
    return driver.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "this wraps no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
