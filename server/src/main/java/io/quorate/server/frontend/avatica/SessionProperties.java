package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Session;
import io.quorate.sql.catalog.Catalog;
import java.sql.Connection;
import java.util.Locale;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta.ConnectionProperties;

/** The properties that JDBC gives a connection, as settings of its session. */
final class SessionProperties {
  private static final String AUTOCOMMIT = "autocommit";
  private static final String READ_ONLY = "read_only";
  private static final String ISOLATION = "isolation";
  static final String SCHEMA = "schema";

  private SessionProperties() {}

  /**
   * Makes what is asked for and answers what then holds. Only what changes is set, because setting
   * autocommit commits.
   */
  static ConnectionProperties sync(Session session, ConnectionProperties asked) {
    if (asked.getCatalog() != null
        && !asked.getCatalog().isEmpty()
        && !asked.getCatalog().equalsIgnoreCase(Catalog.NAME)) {
      throw new QuorateException(
          ErrorCode.OBJECT_NOT_FOUND,
          "there is no catalog \"" + asked.getCatalog() + "\", only " + Catalog.NAME);
    }
    Boolean autocommit = asked.isAutoCommit();
    if (autocommit != null && autocommit != flag(session, AUTOCOMMIT)) {
      session.set(AUTOCOMMIT, autocommit.toString());
    }
    Boolean readOnly = asked.isReadOnly();
    if (readOnly != null && readOnly != flag(session, READ_ONLY)) {
      session.set(READ_ONLY, readOnly.toString());
    }
    Integer isolation = asked.getTransactionIsolation();
    if (isolation != null && isolation != isolation(session)) {
      session.set(ISOLATION, name(isolation));
    }
    String schema = asked.getSchema();
    if (schema != null && !schema.isEmpty() && !schema.equals(session.get(SCHEMA))) {
      session.set(SCHEMA, schema);
    }
    return new ConnectionPropertiesImpl(
        flag(session, AUTOCOMMIT),
        flag(session, READ_ONLY),
        isolation(session),
        Catalog.NAME,
        session.get(SCHEMA));
  }

  private static boolean flag(Session session, String setting) {
    return Boolean.parseBoolean(session.get(setting));
  }

  private static int isolation(Session session) {
    return switch (session.get(ISOLATION).toUpperCase(Locale.ROOT).replace('_', ' ')) {
      case "READ UNCOMMITTED" -> Connection.TRANSACTION_READ_UNCOMMITTED;
      case "READ COMMITTED" -> Connection.TRANSACTION_READ_COMMITTED;
      case "SERIALIZABLE" -> Connection.TRANSACTION_SERIALIZABLE;
      default -> Connection.TRANSACTION_REPEATABLE_READ;
    };
  }

  private static String name(int isolation) {
    return switch (isolation) {
      case Connection.TRANSACTION_READ_UNCOMMITTED -> "READ UNCOMMITTED";
      case Connection.TRANSACTION_READ_COMMITTED -> "READ COMMITTED";
      case Connection.TRANSACTION_REPEATABLE_READ -> "REPEATABLE READ";
      case Connection.TRANSACTION_SERIALIZABLE -> "SERIALIZABLE";
      default ->
          throw new QuorateException(
              ErrorCode.INVALID_PARAMETER, "no isolation level has the number " + isolation);
    };
  }
}
