package io.quorate.sql.parse;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Litmus;

/** BLOB, CLOB or JSON, of which Calcite knows nothing, where a type is written. Immutable. */
public final class LargeTypeNameSpec extends SqlTypeNameSpec {
  private final SqlType.Name name;

  /** Called by the generated parser. */
  public LargeTypeNameSpec(SqlType.Name name, SqlParserPos position) {
    super(new SqlIdentifier(name.name(), position), position);
    this.name = name;
  }

  /** Which of them. */
  public SqlType.Name type() {
    return name;
  }

  @Override
  public RelDataType deriveType(SqlValidator validator) {
    throw new SqlFailure(
        State.NOT_SUPPORTED,
        SyntaxErrors.at(getParserPos())
            + (name == SqlType.Name.JSON
                ? "JSON is for columns and CAST only"
                : "nothing is cast to "
                    + name
                    + ": a value is made one when it is put into a column"));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(name.name());
  }

  @Override
  public boolean equalsDeep(SqlTypeNameSpec other, Litmus litmus) {
    return (other instanceof LargeTypeNameSpec spec && spec.name == name)
        ? litmus.succeed()
        : litmus.fail("{} != {}", this, other);
  }
}
