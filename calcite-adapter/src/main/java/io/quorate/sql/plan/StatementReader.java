package io.quorate.sql.plan;

import io.quorate.sql.lang.CancelFlag;
import java.util.List;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tables that one statement names, and tells whoever plans it when to stop, and where to
 * note what it needs to be allowed. Confined to one thread.
 */
final class StatementReader extends CalciteCatalogReader {
  private final CancelFlag cancel;
  private final @Nullable Needs needs;

  StatementReader(
      CalciteSchema root,
      List<String> schemaPath,
      CalciteConnectionConfig config,
      CancelFlag cancel,
      @Nullable Needs needs) {
    super(root, schemaPath, Types.FACTORY, config);
    this.cancel = cancel;
    this.needs = needs;
  }

  /** For the query of a view, which reads by the rights of the view's owner. */
  @Override
  public CalciteCatalogReader withSchemaPath(List<String> schemaPath) {
    return new StatementReader(rootSchema, schemaPath, config, cancel, null);
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> type) {
    if (type == CancelFlag.class) {
      return type.cast(cancel);
    }
    return type == Needs.class ? type.cast(needs) : super.unwrap(type);
  }
}
