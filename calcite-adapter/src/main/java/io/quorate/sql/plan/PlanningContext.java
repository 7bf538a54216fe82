package io.quorate.sql.plan;

import java.util.Locale;
import java.util.TimeZone;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.rel.type.TimeFrames;
import org.apache.calcite.schema.SchemaPlus;

/** For expressions of constants that are computed while planning: neither clock nor user. */
final class PlanningContext implements DataContext {
  static final PlanningContext INSTANCE = new PlanningContext();
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private PlanningContext() {}

  @Override
  @SuppressWarnings("NullAway")
  public Object get(String name) {
    return switch (name) {
      case "timeZone" -> UTC;
      case "locale" -> Locale.ROOT;
      case "timeFrameSet" -> TimeFrames.CORE;
      default -> null;
    };
  }

  @Override
  @SuppressWarnings("NullAway")
  public SchemaPlus getRootSchema() {
    return null;
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return Types.FACTORY;
  }

  @Override
  @SuppressWarnings("NullAway")
  public QueryProvider getQueryProvider() {
    return null;
  }
}
