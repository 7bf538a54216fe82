package io.quorate.driver;

import io.quorate.driver.route.RouteResult;
import io.quorate.driver.wire.MetadataCall;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.AvaticaDatabaseMetaData;
import org.jspecify.annotations.Nullable;

/** What Quorate is and can do; what there is in it is asked of the server. */
final class QuorateDatabaseMetaData extends AvaticaDatabaseMetaData {
  private static final int FETCH_SIZE = 1000;

  private final QuorateConnection connection;

  QuorateDatabaseMetaData(QuorateConnection connection) {
    super(connection);
    this.connection = connection;
  }

  private ResultSet ask(MetadataCall.Call call, @Nullable String... arguments) throws SQLException {
    RouteResult result = connection.router().metadata(call, Arrays.asList(arguments));
    QuoratePlainStatement statement = (QuoratePlainStatement) connection.createStatement();
    ResultRows rows = new ResultRows(connection.router(), statement, result, FETCH_SIZE, 0);
    return statement.adopt(
        QuorateResultSet.open(statement, new ResultShape(result.signature()), rows));
  }

  @Override
  public ResultSet getCatalogs() throws SQLException {
    return ask(MetadataCall.Call.CATALOGS);
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(@Nullable String catalog, @Nullable String schemaPattern)
      throws SQLException {
    return ask(MetadataCall.Call.SCHEMAS, catalog, schemaPattern);
  }

  @Override
  public ResultSet getTables(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      String @Nullable [] types)
      throws SQLException {
    String joined = types == null ? null : String.join(",", types);
    return ask(MetadataCall.Call.TABLES, catalog, schemaPattern, tableNamePattern, joined);
  }

  @Override
  public ResultSet getTableTypes() throws SQLException {
    return ask(MetadataCall.Call.TABLE_TYPES);
  }

  @Override
  public ResultSet getColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      @Nullable String columnNamePattern)
      throws SQLException {
    return ask(
        MetadataCall.Call.COLUMNS, catalog, schemaPattern, tableNamePattern, columnNamePattern);
  }

  @Override
  public ResultSet getPrimaryKeys(@Nullable String catalog, @Nullable String schema, String table)
      throws SQLException {
    return ask(MetadataCall.Call.PRIMARY_KEYS, catalog, schema, table);
  }

  @Override
  public ResultSet getIndexInfo(
      @Nullable String catalog,
      @Nullable String schema,
      String table,
      boolean unique,
      boolean approximate)
      throws SQLException {
    return ask(
        MetadataCall.Call.INDEX_INFO,
        catalog,
        schema,
        table,
        String.valueOf(unique),
        String.valueOf(approximate));
  }

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    return ask(MetadataCall.Call.TYPE_INFO);
  }

  @Override
  public ResultSet getImportedKeys(@Nullable String catalog, @Nullable String schema, String table)
      throws SQLException {
    return ask(MetadataCall.Call.IMPORTED_KEYS, catalog, schema, table);
  }

  @Override
  public ResultSet getExportedKeys(@Nullable String catalog, @Nullable String schema, String table)
      throws SQLException {
    return ask(MetadataCall.Call.EXPORTED_KEYS, catalog, schema, table);
  }

  @Override
  public ResultSet getCrossReference(
      @Nullable String parentCatalog,
      @Nullable String parentSchema,
      String parentTable,
      @Nullable String foreignCatalog,
      @Nullable String foreignSchema,
      String foreignTable)
      throws SQLException {
    List<@Nullable String> arguments = new ArrayList<>();
    arguments.add(parentCatalog);
    arguments.add(parentSchema);
    arguments.add(parentTable);
    arguments.add(foreignCatalog);
    arguments.add(foreignSchema);
    arguments.add(foreignTable);
    return ask(MetadataCall.Call.CROSS_REFERENCE, arguments.toArray(new String[0]));
  }

  @Override
  public String getUserName() {
    return connection.userName();
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return connection.isReadOnly();
  }

  @Override
  public String getDatabaseProductName() {
    return DriverInfo.PRODUCT;
  }

  @Override
  public String getDatabaseProductVersion() {
    return connection.router().welcome().serverVersion();
  }

  @Override
  public int getDatabaseMajorVersion() {
    return DriverInfo.numberAt(getDatabaseProductVersion(), 0);
  }

  @Override
  public int getDatabaseMinorVersion() {
    return DriverInfo.numberAt(getDatabaseProductVersion(), 1);
  }

  @Override
  public boolean nullsAreSortedHigh() {
    return true;
  }

  @Override
  public boolean nullsAreSortedLow() {
    return false;
  }

  @Override
  public boolean nullsAreSortedAtStart() {
    return false;
  }

  @Override
  public boolean nullsAreSortedAtEnd() {
    return false;
  }

  @Override
  public boolean supportsMixedCaseIdentifiers() {
    return false;
  }

  @Override
  public boolean storesUpperCaseIdentifiers() {
    return true;
  }

  @Override
  public boolean storesLowerCaseIdentifiers() {
    return false;
  }

  @Override
  public boolean storesMixedCaseIdentifiers() {
    return false;
  }

  @Override
  public boolean supportsMixedCaseQuotedIdentifiers() {
    return true;
  }

  @Override
  public boolean storesUpperCaseQuotedIdentifiers() {
    return false;
  }

  @Override
  public boolean storesLowerCaseQuotedIdentifiers() {
    return false;
  }

  @Override
  public boolean storesMixedCaseQuotedIdentifiers() {
    return false;
  }

  @Override
  public String getIdentifierQuoteString() {
    return "\"";
  }

  @Override
  public String getSchemaTerm() {
    return "schema";
  }

  @Override
  public String getCatalogTerm() {
    return "catalog";
  }

  @Override
  public int getDefaultTransactionIsolation() {
    return Connection.TRANSACTION_REPEATABLE_READ;
  }

  @Override
  public boolean supportsTransactions() {
    return true;
  }

  @Override
  public boolean supportsMultipleTransactions() {
    return true;
  }

  @Override
  public boolean supportsTransactionIsolationLevel(int level) {
    return level != Connection.TRANSACTION_NONE;
  }

  @Override
  public boolean dataDefinitionCausesTransactionCommit() {
    return false;
  }

  @Override
  public boolean supportsBatchUpdates() {
    return true;
  }

  @Override
  public boolean supportsSavepoints() {
    return true;
  }

  @Override
  public boolean supportsGetGeneratedKeys() {
    return true;
  }

  @Override
  public boolean supportsStoredProcedures() {
    return false;
  }

  @Override
  public boolean supportsStoredFunctionsUsingCallSyntax() {
    return false;
  }

  @Override
  public boolean supportsMultipleOpenResults() {
    return false;
  }

  @Override
  public boolean supportsResultSetType(int type) {
    return type == ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public boolean supportsResultSetConcurrency(int type, int concurrency) {
    return type == ResultSet.TYPE_FORWARD_ONLY && concurrency == ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public boolean supportsResultSetHoldability(int holdability) {
    return holdability == ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }
}
