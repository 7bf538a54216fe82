package io.quorate.sql.plan;

import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalWindow;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.Mappings;

/**
 * Calcite's, which takes away fields that nobody asks for, but leaves a window alone that asks for
 * none: it would give it a field, and fail because that is another row than before.
 */
public final class FieldTrimmer extends RelFieldTrimmer {
  FieldTrimmer(RelBuilder builder) {
    super(null, builder);
  }

  /** Found by Calcite, by the type of its first parameter. */
  public TrimResult trimFields(
      LogicalWindow window, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
    int fields = window.getRowType().getFieldCount();
    return window.getInput().getRowType().getFieldCount() == 0
        ? result(window, Mappings.createIdentity(fields))
        : trimFields((RelNode) window, fieldsUsed, extraFields);
  }
}
