package io.quorate.sql.parse;

import io.quorate.sql.catalog.SqlType;
import org.apache.calcite.sql.SqlCollectionTypeNameSpec;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** An ARRAY that may say how many elements it has, which Calcite's do not. Immutable. */
public final class ArrayTypeNameSpec extends SqlCollectionTypeNameSpec {
  private final int cardinalityMax;

  /**
   * Called by the generated parser.
   *
   * @param cardinalityMax {@link SqlType#UNBOUNDED} if it does not
   */
  public ArrayTypeNameSpec(SqlTypeNameSpec element, int cardinalityMax, SqlParserPos position) {
    super(element, SqlTypeName.ARRAY, position);
    this.cardinalityMax = cardinalityMax;
  }

  int cardinalityMax() {
    return cardinalityMax;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    super.unparse(writer, leftPrec, rightPrec);
    if (cardinalityMax != SqlType.UNBOUNDED) {
      writer.print("[" + cardinalityMax + "]");
    }
  }
}
