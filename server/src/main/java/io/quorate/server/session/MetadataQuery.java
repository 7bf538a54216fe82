package io.quorate.server.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code java.sql.DatabaseMetaData}. The rows have the columns that JDBC names for it.
 *
 * @param arguments the method's, as texts in order; null where the caller gave null; a list of
 *     table types is joined by commas
 */
public record MetadataQuery(Call call, List<@Nullable String> arguments) {

  /** The calls, each with the number that is sent. */
  public enum Call {
    CATALOGS(1),
    SCHEMAS(2),
    TABLES(3),
    TABLE_TYPES(4),
    COLUMNS(5),
    PRIMARY_KEYS(6),
    INDEX_INFO(7),
    TYPE_INFO(8),
    IMPORTED_KEYS(9),
    EXPORTED_KEYS(10),
    CROSS_REFERENCE(11);

    private final int number;

    Call(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }
}
