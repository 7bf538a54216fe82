package io.quorate.server.frontend.avatica;

import java.sql.Connection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.avatica.Meta.DatabaseProperty;

/** What Avatica's clients are told of the product. */
final class DatabaseFacts {
  private static final String PRODUCT = "Quorate";

  private DatabaseFacts() {}

  /**
   * The properties that are ours to say; a client knows the others.
   *
   * @param version of the product, such as {@code 0.1.0}
   */
  static Map<DatabaseProperty, Object> of(String version) {
    Map<DatabaseProperty, Object> facts = new EnumMap<>(DatabaseProperty.class);
    facts.put(DatabaseProperty.GET_DATABASE_PRODUCT_NAME, PRODUCT);
    facts.put(DatabaseProperty.GET_DATABASE_PRODUCT_VERSION, version);
    facts.put(DatabaseProperty.GET_DATABASE_MAJOR_VERSION, part(version, 0));
    facts.put(DatabaseProperty.GET_DATABASE_MINOR_VERSION, part(version, 1));
    facts.put(DatabaseProperty.GET_DRIVER_NAME, PRODUCT);
    facts.put(DatabaseProperty.GET_DRIVER_VERSION, version);
    facts.put(DatabaseProperty.GET_DRIVER_MAJOR_VERSION, part(version, 0));
    facts.put(DatabaseProperty.GET_DRIVER_MINOR_VERSION, part(version, 1));
    facts.put(
        DatabaseProperty.GET_DEFAULT_TRANSACTION_ISOLATION, Connection.TRANSACTION_REPEATABLE_READ);
    facts.put(DatabaseProperty.GET_NUMERIC_FUNCTIONS, "ABS,CEILING,EXP,FLOOR,LN,MOD,POWER,SQRT");
    facts.put(DatabaseProperty.GET_STRING_FUNCTIONS, "CONCAT,LOWER,SUBSTRING,TRIM,UPPER");
    facts.put(DatabaseProperty.GET_SYSTEM_FUNCTIONS, "");
    facts.put(
        DatabaseProperty.GET_TIME_DATE_FUNCTIONS, "CURRENT_DATE,CURRENT_TIME,CURRENT_TIMESTAMP");
    facts.put(DatabaseProperty.GET_S_Q_L_KEYWORDS, "");
    return facts;
  }

  private static int part(String version, int index) {
    String[] parts = version.toLowerCase(Locale.ROOT).split("[.-]", -1);
    if (index >= parts.length || !parts[index].matches("\\d{1,9}")) {
      return 0;
    }
    return Integer.parseInt(parts[index]);
  }
}
