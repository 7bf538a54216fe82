package io.quorate.server.session;

import io.quorate.driver.wire.MetadataCall;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The columns of the answers of {@code DatabaseMetaData}, as JDBC 4.3 names and orders them. */
final class MetadataColumns {
  private static final Map<MetadataCall.Call, List<ResultColumn>> ALL =
      new EnumMap<>(MetadataCall.Call.class);

  static {
    String keys =
        "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME! PKCOLUMN_NAME! FKTABLE_CAT FKTABLE_SCHEM"
            + " FKTABLE_NAME! FKCOLUMN_NAME! KEY_SEQ:SMALLINT! UPDATE_RULE:SMALLINT!"
            + " DELETE_RULE:SMALLINT! FK_NAME PK_NAME DEFERRABILITY:SMALLINT!";
    put(MetadataCall.Call.CATALOGS, "TABLE_CAT!");
    put(MetadataCall.Call.SCHEMAS, "TABLE_SCHEM! TABLE_CATALOG");
    put(
        MetadataCall.Call.TABLES,
        "TABLE_CAT TABLE_SCHEM TABLE_NAME! TABLE_TYPE! REMARKS TYPE_CAT TYPE_SCHEM TYPE_NAME"
            + " SELF_REFERENCING_COL_NAME REF_GENERATION");
    put(MetadataCall.Call.TABLE_TYPES, "TABLE_TYPE!");
    put(
        MetadataCall.Call.COLUMNS,
        "TABLE_CAT TABLE_SCHEM TABLE_NAME! COLUMN_NAME! DATA_TYPE:INTEGER! TYPE_NAME!"
            + " COLUMN_SIZE:INTEGER BUFFER_LENGTH:INTEGER DECIMAL_DIGITS:INTEGER"
            + " NUM_PREC_RADIX:INTEGER NULLABLE:INTEGER! REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE:INTEGER SQL_DATETIME_SUB:INTEGER CHAR_OCTET_LENGTH:INTEGER"
            + " ORDINAL_POSITION:INTEGER! IS_NULLABLE! SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE"
            + " SOURCE_DATA_TYPE:SMALLINT IS_AUTOINCREMENT! IS_GENERATEDCOLUMN!");
    put(
        MetadataCall.Call.PRIMARY_KEYS,
        "TABLE_CAT TABLE_SCHEM TABLE_NAME! COLUMN_NAME! KEY_SEQ:SMALLINT! PK_NAME");
    put(
        MetadataCall.Call.INDEX_INFO,
        "TABLE_CAT TABLE_SCHEM TABLE_NAME! NON_UNIQUE:BOOLEAN! INDEX_QUALIFIER INDEX_NAME"
            + " TYPE:SMALLINT! ORDINAL_POSITION:SMALLINT! COLUMN_NAME ASC_OR_DESC"
            + " CARDINALITY:BIGINT! PAGES:BIGINT! FILTER_CONDITION");
    put(
        MetadataCall.Call.TYPE_INFO,
        "TYPE_NAME! DATA_TYPE:INTEGER! PRECISION:INTEGER LITERAL_PREFIX LITERAL_SUFFIX"
            + " CREATE_PARAMS NULLABLE:SMALLINT! CASE_SENSITIVE:BOOLEAN! SEARCHABLE:SMALLINT!"
            + " UNSIGNED_ATTRIBUTE:BOOLEAN! FIXED_PREC_SCALE:BOOLEAN! AUTO_INCREMENT:BOOLEAN!"
            + " LOCAL_TYPE_NAME MINIMUM_SCALE:SMALLINT! MAXIMUM_SCALE:SMALLINT!"
            + " SQL_DATA_TYPE:INTEGER SQL_DATETIME_SUB:INTEGER NUM_PREC_RADIX:INTEGER");
    put(MetadataCall.Call.IMPORTED_KEYS, keys);
    put(MetadataCall.Call.EXPORTED_KEYS, keys);
    put(MetadataCall.Call.CROSS_REFERENCE, keys);
  }

  private MetadataColumns() {}

  static List<ResultColumn> of(MetadataCall.Call call) {
    return ALL.getOrDefault(call, List.of());
  }

  /** Reads {@code NAME}, {@code NAME:TYPE}, and a mark behind for a column that is never null. */
  private static void put(MetadataCall.Call call, String columns) {
    ALL.put(call, Arrays.stream(columns.split(" ", -1)).map(MetadataColumns::column).toList());
  }

  private static ResultColumn column(String text) {
    boolean nullable = !text.endsWith("!");
    String declared = nullable ? text : text.substring(0, text.length() - 1);
    int colon = declared.indexOf(':');
    String name = colon < 0 ? declared : declared.substring(0, colon);
    SqlType.Name type =
        colon < 0
            ? SqlType.Name.VARCHAR
            : SqlType.Name.valueOf(declared.substring(colon + 1).toUpperCase(Locale.ROOT));
    return new ResultColumn(name, SqlType.of(type), nullable, "", "", "");
  }
}
