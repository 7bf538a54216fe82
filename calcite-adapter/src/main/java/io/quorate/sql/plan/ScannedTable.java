package io.quorate.sql.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptAbstractTable;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that a {@link StoreScan} reads, as a table of their own: whatever Calcite
 * asks the table of a scan, such as which columns are unique, it asks by the fields of the scan.
 */
final class ScannedTable extends RelOptAbstractTable {
  private final RelOptTable table;
  private final List<ImmutableBitSet> keys;

  ScannedTable(RelOptTable table, int[] columns, RelDataTypeFactory factory) {
    super(
        table.getRelOptSchema(),
        String.join(".", table.getQualifiedName()),
        rowType(table, columns, factory));
    this.table = table;
    List<ImmutableBitSet> all = table.getKeys();
    this.keys =
        all == null
            ? List.of()
            : all.stream()
                .map(key -> fields(key, columns))
                .flatMap(Optional::stream)
                .collect(Collectors.toList());
  }

  private static RelDataType rowType(RelOptTable table, int[] columns, RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder builder = factory.builder();
    for (int column : columns) {
      builder.add(table.getRowType().getFieldList().get(column));
    }
    return builder.build();
  }

  /** Where the columns of a key are; empty if one of them is not read. */
  private static Optional<ImmutableBitSet> fields(ImmutableBitSet key, int[] columns) {
    ImmutableBitSet.Builder fields = ImmutableBitSet.builder();
    for (int column : key) {
      int field = Arrays.stream(columns).boxed().toList().indexOf(column);
      if (field < 0) {
        return Optional.empty();
      }
      fields.set(field);
    }
    return Optional.of(fields.build());
  }

  @Override
  public List<String> getQualifiedName() {
    return table.getQualifiedName();
  }

  @Override
  public double getRowCount() {
    return table.getRowCount();
  }

  @Override
  public boolean isKey(ImmutableBitSet fields) {
    return keys.stream().anyMatch(fields::contains);
  }

  @Override
  public List<ImmutableBitSet> getKeys() {
    return keys;
  }

  /** What is behind the whole table. */
  @Override
  public <T> @Nullable T unwrap(Class<T> wanted) {
    return table.unwrap(wanted);
  }
}
