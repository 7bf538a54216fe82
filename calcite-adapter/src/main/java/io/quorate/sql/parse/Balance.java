package io.quorate.sql.parse;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * Puts long chains of AND, or of OR, into trees that are as low as can be: the parser nests each
 * condition in the next, and all that comes behind it descends to the innermost.
 */
final class Balance extends SqlBasicVisitor<Void> {
  /** A shorter chain stays as it is written. */
  private static final int CHAIN_MIN = 16;

  private Balance() {}

  /** Changes the node. */
  static void conditions(SqlNode node) {
    node.accept(new Balance());
  }

  @Override
  @SuppressWarnings("NullAway") // Void has no other value
  public Void visit(SqlCall call) {
    if (!isLink(call, call.getKind())) {
      return super.visit(call);
    }
    List<SqlNode> parts = new ArrayList<>();
    SqlNode first = call;
    while (isLink(first, call.getKind())) {
      parts.add(((SqlCall) first).operand(1));
      first = ((SqlCall) first).operand(0);
    }
    parts.add(first);
    parts.forEach(part -> part.accept(this));
    if (parts.size() >= CHAIN_MIN) {
      // They were met from the last to the first.
      int half = parts.size() / 2;
      SqlBasicCall root = (SqlBasicCall) call;
      root.setOperand(0, tree(root, parts.subList(half, parts.size())));
      root.setOperand(1, tree(root, parts.subList(0, half)));
    }
    return null;
  }

  private static boolean isLink(SqlNode node, SqlKind kind) {
    return (kind == SqlKind.AND || kind == SqlKind.OR)
        && node.getKind() == kind
        && node instanceof SqlBasicCall call
        && call.operandCount() == 2;
  }

  /**
   * @param parts from the last to the first
   */
  private static SqlNode tree(SqlBasicCall link, List<SqlNode> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int half = parts.size() / 2;
    SqlNode left = tree(link, parts.subList(half, parts.size()));
    SqlNode right = tree(link, parts.subList(0, half));
    return link.getOperator()
        .createCall(left.getParserPosition().plus(right.getParserPosition()), left, right);
  }
}
