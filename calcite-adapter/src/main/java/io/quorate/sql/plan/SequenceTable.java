package io.quorate.sql.plan;

import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.impl.AbstractTable;

/** A sequence among the tables that Calcite sees: found by its name, and no table. */
final class SequenceTable extends AbstractTable {
  private final SequenceDef sequence;

  SequenceTable(SequenceDef sequence) {
    this.sequence = sequence;
  }

  SequenceDef sequence() {
    return sequence;
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.SEQUENCE;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    throw new SqlFailure(
        State.WRONG_OBJECT, sequence.described() + " is no table; NEXT VALUE FOR it takes a value");
  }
}
