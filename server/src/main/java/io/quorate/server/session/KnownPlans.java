package io.quorate.server.session;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.plan.Plan;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The short plans that a session has used last, beside the cache of all sessions and its lock:
 * those of one version of the catalog and of one schema. Confined to the call of the session that
 * runs.
 */
final class KnownPlans<P extends Plan> {
  /** Plans are shared; what a session holds is some hundred bytes each. */
  private static final int PLANS_MAX = 32;

  private static final int TEXT_LENGTH_MAX = 4096;

  /** Most sessions have none. */
  private @Nullable Map<String, P> plans;

  private long catalogVersion;
  private String schema = "";

  /** Forgets the plans of another catalog or schema, and the oldest beyond the bound. */
  void keep(Statement statement, P plan, Catalog catalog) {
    if (statement.sql().length() > TEXT_LENGTH_MAX) {
      return;
    }
    Map<String, P> known = plans;
    if (known == null
        || catalog.version() != catalogVersion
        || !schema.equals(statement.schema())) {
      known = new OldestGoesFirst<>();
      plans = known;
      catalogVersion = catalog.version();
      schema = statement.schema();
    }
    known.put(statement.sql(), plan);
  }

  /** The plan, if it is known for the schema of the statement. */
  @Nullable P find(Statement statement) {
    Map<String, P> known = plans;
    return known != null && schema.equals(statement.schema()) ? known.get(statement.sql()) : null;
  }

  /** Of the catalog that the plans are for. */
  long catalogVersion() {
    return catalogVersion;
  }

  private static final class OldestGoesFirst<P> extends LinkedHashMap<String, P> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, P> eldest) {
      return size() > PLANS_MAX;
    }
  }
}
