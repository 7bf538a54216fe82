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

  /** Encrypts; alone it demands all of the node's certificate. */
  public void setSsl(boolean ssl) {
    setOption(ConnectionOption.SSL, String.valueOf(ssl));
  }

  public boolean isSsl() {
    return Boolean.parseBoolean(get(ConnectionOption.SSL));
  }

  /** What to demand of the node's certificate: disable, require, verify-ca or verify-full. */
  public void setSslMode(String mode) {
    setOption(ConnectionOption.SSL_MODE, mode);
  }

  public String getSslMode() {
    return get(ConnectionOption.SSL_MODE);
  }

  /** PEM file of the authorities to trust. */
  public void setSslCa(String file) {
    setOption(ConnectionOption.SSL_CA, file);
  }

  public String getSslCa() {
    return get(ConnectionOption.SSL_CA);
  }

  /** PEM file of the client's certificate. */
  public void setSslCert(String file) {
    setOption(ConnectionOption.SSL_CERT, file);
  }

  public String getSslCert() {
    return get(ConnectionOption.SSL_CERT);
  }

  /** PEM file of the client's key. */
  public void setSslKey(String file) {
    setOption(ConnectionOption.SSL_KEY, file);
  }

  public String getSslKey() {
    return get(ConnectionOption.SSL_KEY);
  }

  private String get(ConnectionOption option) {
    return properties.getProperty(option.key(), "");
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
