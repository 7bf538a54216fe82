package io.quorate.sql.plan;

import io.quorate.sql.exec.CommonFunctions;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;

/**
 * Calcite's coercion, which also takes the blanks from the end of a literal that is compared with a
 * CHAR(n): they count for nothing there (SQL:2016 part 2, 8.2), and stored values have none. Beside
 * a VARCHAR they count, as in PostgreSQL.
 */
final class CharCoercion extends TypeCoercionImpl {
  CharCoercion(RelDataTypeFactory typeFactory, SqlValidator validator) {
    super(typeFactory, validator);
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    SqlCall call = binding.getCall();
    List<SqlNode> operands = call.getOperandList();
    boolean stripped = false;
    if (operands.stream().anyMatch(operand -> isChar(binding, operand))) {
      for (int i = 0; i < operands.size(); i++) {
        SqlNode before = operands.get(i);
        SqlNode without = withoutBlanks(binding, before);
        if (without != before) {
          call.setOperand(i, without);
          stripped = true;
        }
      }
    }
    return super.binaryComparisonCoercion(binding) || stripped;
  }

  @Override
  public boolean inOperationCoercion(SqlCallBinding binding) {
    boolean stripped = false;
    if (binding.operand(1) instanceof SqlNodeList values && isChar(binding, binding.operand(0))) {
      for (int i = 0; i < values.size(); i++) {
        SqlNode before = values.get(i);
        SqlNode without = withoutBlanks(binding, before);
        if (without != before) {
          values.set(i, without);
          stripped = true;
        }
      }
    }
    return super.inOperationCoercion(binding) || stripped;
  }

  private static boolean isChar(SqlCallBinding binding, SqlNode operand) {
    if (operand instanceof SqlLiteral) {
      return false;
    }
    RelDataType type = binding.getValidator().deriveType(binding.getScope(), operand);
    return type.getSqlTypeName() == SqlTypeName.CHAR;
  }

  private static SqlNode withoutBlanks(SqlCallBinding binding, SqlNode node) {
    if (!(node instanceof SqlCharStringLiteral literal)) {
      return node;
    }
    String text = literal.getValueAs(String.class);
    String stripped = CommonFunctions.unpadded(text);
    if (stripped.length() == text.length()) {
      return node;
    }
    SqlNode without = SqlLiteral.createCharString(stripped, node.getParserPosition());
    var unused = binding.getValidator().deriveType(binding.getScope(), without);
    return without;
  }
}
