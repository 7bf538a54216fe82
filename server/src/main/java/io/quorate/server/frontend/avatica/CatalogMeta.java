package io.quorate.server.frontend.avatica;

import io.quorate.driver.wire.MetadataCall.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Avatica's procedures about tables and types, as the calls of {@code DatabaseMetaData}. */
abstract class CatalogMeta extends RemoteMeta {
  /** The rows of a call; a pattern that is null stands for everything. */
  abstract MetaResultSet metadata(ConnectionHandle ch, Call call, @Nullable String... arguments);

  @Override
  public MetaResultSet getTables(
      ConnectionHandle ch,
      @Nullable String catalog,
      Pat schemaPattern,
      Pat tableNamePattern,
      @Nullable List<String> typeList) {
    String types = typeList == null ? null : String.join(",", typeList);
    return metadata(ch, Call.TABLES, catalog, schemaPattern.s, tableNamePattern.s, types);
  }

  @Override
  public MetaResultSet getColumns(
      ConnectionHandle ch,
      @Nullable String catalog,
      Pat schemaPattern,
      Pat tableNamePattern,
      Pat columnNamePattern) {
    return metadata(
        ch, Call.COLUMNS, catalog, schemaPattern.s, tableNamePattern.s, columnNamePattern.s);
  }

  @Override
  public MetaResultSet getSchemas(
      ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern) {
    return metadata(ch, Call.SCHEMAS, catalog, schemaPattern.s);
  }

  @Override
  public MetaResultSet getCatalogs(ConnectionHandle ch) {
    return metadata(ch, Call.CATALOGS);
  }

  @Override
  public MetaResultSet getTableTypes(ConnectionHandle ch) {
    return metadata(ch, Call.TABLE_TYPES);
  }

  @Override
  public MetaResultSet getTypeInfo(ConnectionHandle ch) {
    return metadata(ch, Call.TYPE_INFO);
  }
}
