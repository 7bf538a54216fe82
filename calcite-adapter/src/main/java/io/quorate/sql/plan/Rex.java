package io.quorate.sql.plan;

import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** The one builder of expressions; keeps nothing. */
final class Rex {
  static final RexBuilder BUILDER =
      new RexBuilder(Types.FACTORY) {
        /** Ranges of literals are cut and joined while planning: text has its order there too. */
        @Override
        @SuppressWarnings("rawtypes") // as it is declared
        protected RexLiteral makeLiteral(
            @Nullable Comparable value, RelDataType type, SqlTypeName name) {
          return super.makeLiteral(
              value instanceof NlsString text
                  ? new NlsString(
                      text.getValue(),
                      Objects.requireNonNull(type.getCharset()).name(),
                      TextCollation.INSTANCE)
                  : value,
              type,
              name);
        }
      };

  private Rex() {}
}
