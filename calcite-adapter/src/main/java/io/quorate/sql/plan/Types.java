package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Between the types of the catalog and Calcite's. */
final class Types {
  /** Of all plans: interns types, thread-safe. */
  static final JavaTypeFactoryImpl FACTORY =
      new JavaTypeFactoryImpl(new TypeSystem()) {
        @Override
        public Charset getDefaultCharset() {
          return StandardCharsets.UTF_8;
        }

        @Override
        public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
          return type instanceof CarriedType large
              ? canonize(new CarriedType(large.name(), nullable))
              : super.createTypeWithNullability(type, nullable);
        }

        @Override
        public @Nullable RelDataType leastRestrictive(
            List<RelDataType> types, SqlTypeMappingRule rule) {
          Optional<CarriedType> large = CarriedType.find(types);
          return large.isPresent()
              ? large.get().over(types).map(this::canonize).orElse(null)
              : super.leastRestrictive(types, rule);
        }

        /** Calcite computes with instants by this name, and not by that of the standard. */
        @Override
        public RelDataType createSqlType(SqlTypeName name) {
          // Coercions ask for an interval by its name, for which Calcite's own makes none.
          return SqlTypeName.INTERVAL_TYPES.contains(name)
              ? IntervalTypes.of(name)
              : super.createSqlType(instant(name));
        }

        @Override
        public RelDataType createSqlType(SqlTypeName name, int precision) {
          return SqlTypeName.INTERVAL_TYPES.contains(name)
              ? IntervalTypes.of(name)
              : super.createSqlType(instant(name), precision);
        }

        @Override
        public RelDataType createSqlType(SqlTypeName name, int precision, int scale) {
          return SqlTypeName.INTERVAL_TYPES.contains(name)
              ? IntervalTypes.of(name)
              : super.createSqlType(name, precision, scale);
        }

        private SqlTypeName instant(SqlTypeName name) {
          return name == SqlTypeName.TIMESTAMP_TZ
              ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
              : name;
        }

        @Override
        public Type getJavaClass(RelDataType type) {
          if (type instanceof CarriedType carried) {
            return carried.javaClass();
          }
          return type.getSqlTypeName() == SqlTypeName.UUID ? UUID.class : super.getJavaClass(type);
        }
      };

  /** Calcite's word for an array without a bound, the only one that it has. */
  private static final long UNBOUNDED = -1;

  private Types() {}

  static RelDataType toCalcite(SqlType type, boolean nullable) {
    return FACTORY.createTypeWithNullability(toCalcite(type), nullable);
  }

  private static RelDataType toCalcite(SqlType type) {
    RelDataTypeFactory factory = FACTORY;
    if (type.name().isLarge() || type.name() == Name.JSON) {
      return new CarriedType(type.name(), false);
    }
    if (type.name() == Name.ARRAY) {
      return factory.createArrayType(toCalcite(type.elementType(), true), UNBOUNDED);
    }
    if (type.name().isInterval()) {
      return IntervalTypes.toCalcite(type);
    }
    int precision = type.precision();
    SqlTypeName name = calciteName(type.name());
    if (type.name() == Name.DECIMAL && precision == SqlType.UNBOUNDED) {
      return factory.createSqlType(name, TypeSystem.DECIMAL_DIGITS_MAX, type.scale());
    }
    if (precision == SqlType.UNBOUNDED || !name.allowsPrec() || type.name() == Name.UUID) {
      return factory.createSqlType(name);
    }
    return name.allowsScale()
        ? factory.createSqlType(name, precision, type.scale())
        : factory.createSqlType(name, precision);
  }

  private static SqlTypeName calciteName(Name name) {
    return name == Name.TIMESTAMP_TZ
        ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
        : SqlTypeName.valueOf(name.name());
  }

  static SqlType fromCalcite(RelDataType type) {
    if (type instanceof CarriedType large) {
      return SqlType.of(large.name());
    }
    if (SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName())) {
      return IntervalTypes.fromCalcite(type);
    }
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> SqlType.of(Name.BOOLEAN);
      case TINYINT -> SqlType.of(Name.TINYINT);
      case SMALLINT -> SqlType.of(Name.SMALLINT);
      case INTEGER -> SqlType.of(Name.INTEGER);
      case BIGINT -> SqlType.of(Name.BIGINT);
      case DECIMAL -> new SqlType(Name.DECIMAL, type.getPrecision(), type.getScale());
      case REAL -> SqlType.of(Name.REAL);
      case FLOAT, DOUBLE -> SqlType.of(Name.DOUBLE);
      case CHAR -> withLength(Name.CHAR, type);
      case VARCHAR, SYMBOL -> withLength(Name.VARCHAR, type);
      case BINARY -> withLength(Name.BINARY, type);
      case VARBINARY -> withLength(Name.VARBINARY, type);
      case DATE -> SqlType.of(Name.DATE);
      case TIME -> withLength(Name.TIME, type);
      case TIMESTAMP -> withLength(Name.TIMESTAMP, type);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> withLength(Name.TIMESTAMP_TZ, type);
      case UUID -> SqlType.of(Name.UUID);
      case NULL -> SqlType.of(Name.NULL);
      case ARRAY -> array(type);
      default ->
          throw new SqlFailure(
              State.NOT_SUPPORTED, "a result of type " + type + " is not supported; cast it");
    };
  }

  private static SqlType array(RelDataType type) {
    RelDataType component = Objects.requireNonNull(type.getComponentType());
    int depth = 1;
    for (RelDataType inner = component;
        inner.getSqlTypeName() == SqlTypeName.ARRAY;
        inner = Objects.requireNonNull(inner.getComponentType())) {
      depth++;
    }
    if (depth > SqlType.ARRAY_DEPTH_MAX) {
      throw new SqlFailure(
          State.LIMIT_EXCEEDED,
          "arrays are at most " + SqlType.ARRAY_DEPTH_MAX + " deep, not " + depth);
    }
    if (component instanceof CarriedType) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "an array of " + component + " is not supported; cast its elements");
    }
    return SqlType.array(fromCalcite(component), SqlType.UNBOUNDED);
  }

  private static SqlType withLength(Name name, RelDataType type) {
    int precision = type.getPrecision();
    return precision == RelDataType.PRECISION_NOT_SPECIFIED
        ? SqlType.of(name)
        : new SqlType(name, precision, 0);
  }
}
