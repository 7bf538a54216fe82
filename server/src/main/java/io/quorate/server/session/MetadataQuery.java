package io.quorate.server.session;

import io.quorate.driver.wire.MetadataCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code java.sql.DatabaseMetaData}. The rows have the columns that JDBC names for it.
 *
 * @param arguments the method's, as texts in order; null where the caller gave null; a list of
 *     table types is joined by commas
 */
public record MetadataQuery(MetadataCall.Call call, List<@Nullable String> arguments) {}
