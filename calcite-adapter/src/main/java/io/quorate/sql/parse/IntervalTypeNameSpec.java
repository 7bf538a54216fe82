package io.quorate.sql.parse;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Litmus;

/** INTERVAL and its fields, where the type of a column is written. Immutable. */
final class IntervalTypeNameSpec extends SqlTypeNameSpec {
  private final SqlIntervalQualifier fields;

  IntervalTypeNameSpec(SqlIntervalQualifier fields, SqlParserPos position) {
    super(new SqlIdentifier("INTERVAL", position), position);
    this.fields = fields;
  }

  SqlIntervalQualifier fields() {
    return fields;
  }

  @Override
  public RelDataType deriveType(SqlValidator validator) {
    return validator.getTypeFactory().createSqlIntervalType(fields);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("INTERVAL");
    fields.unparse(writer, leftPrec, rightPrec);
  }

  @Override
  public boolean equalsDeep(SqlTypeNameSpec spec, Litmus litmus) {
    return (spec instanceof IntervalTypeNameSpec other && fields.equalsDeep(other.fields, litmus))
        ? litmus.succeed()
        : litmus.fail("{} != {}", this, spec);
  }
}
