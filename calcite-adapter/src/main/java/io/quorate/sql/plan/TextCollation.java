package io.quorate.sql.plan;

import io.quorate.sql.exec.Values;
import java.text.CollationKey;
import java.text.Collator;
import org.apache.calcite.sql.SqlCollation;

/**
 * The order of text for literals. It has the name of the collation of all types, which is Calcite's
 * word for none, so that the two go together; generated code asks the types.
 */
final class TextCollation extends SqlCollation {
  static final TextCollation INSTANCE = new TextCollation();

  private static final long serialVersionUID = 1;

  private static final Collator ORDER =
      new Collator() {
        @Override
        public int compare(String left, String right) {
          return Values.compare(left, right);
        }

        @Override
        public CollationKey getCollationKey(String text) {
          throw new UnsupportedOperationException();
        }

        @Override
        public int hashCode() {
          return TextCollation.class.hashCode();
        }
      };

  private TextCollation() {
    super(Coercibility.IMPLICIT);
  }

  @Override
  public Collator getCollator() {
    return ORDER;
  }
}
