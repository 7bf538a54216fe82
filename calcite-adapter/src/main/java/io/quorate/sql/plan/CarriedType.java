package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeComparability;
import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/** BLOB, CLOB and JSON for Calcite: values that are carried, and neither compared nor ordered. */
final class CarriedType extends AbstractSqlType {
  private final SqlType.Name name;

  CarriedType(SqlType.Name name, boolean nullable) {
    super(SqlTypeName.OTHER, nullable, null);
    this.name = name;
    computeDigest();
  }

  /** The first of the types that is one. */
  static Optional<CarriedType> find(List<RelDataType> types) {
    return types.stream()
        .filter(CarriedType.class::isInstance)
        .map(CarriedType.class::cast)
        .findFirst();
  }

  /** The type that takes values of all of these; empty when there is none. */
  Optional<RelDataType> over(List<RelDataType> types) {
    return types.stream().allMatch(this::takes)
        ? Optional.of(new CarriedType(name, types.stream().anyMatch(RelDataType::isNullable)))
        : Optional.empty();
  }

  /** Whether values of the type become ones of this. */
  boolean takes(RelDataType type) {
    if (type instanceof CarriedType other) {
      return other.name == name;
    }
    SqlTypeName source = type.getSqlTypeName();
    return source == SqlTypeName.NULL
        || (name == SqlType.Name.BLOB
            ? SqlTypeName.BINARY_TYPES.contains(source)
            : SqlTypeName.CHAR_TYPES.contains(source));
  }

  /** Whether the type is JSON. */
  static boolean isJson(RelDataType type) {
    return type instanceof CarriedType carried && carried.name == SqlType.Name.JSON;
  }

  /** The class of its values in generated code. */
  Class<?> javaClass() {
    return name == SqlType.Name.JSON ? String.class : Object.class;
  }

  SqlType.Name name() {
    return name;
  }

  @Override
  public RelDataTypeComparability getComparability() {
    return RelDataTypeComparability.NONE;
  }

  @Override
  protected void generateTypeString(StringBuilder text, boolean withDetail) {
    text.append(name);
  }
}
