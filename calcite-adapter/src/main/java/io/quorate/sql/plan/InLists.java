package io.quorate.sql.plan;

import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.ValueList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql2rel.SqlRexContext;

/**
 * Makes {@link InList} of what Calcite makes of an IN list: as many comparisons with {@code OR}
 * between them, in every expression of a tree. One for each statement.
 */
final class InLists extends RelHomogeneousShuttle {
  /** A shorter list is compared one by one, by generated code or a scan. */
  private static final int COMPARED_MAX = 100;

  private final Expressions expressions = new Expressions();
  private int count;

  /** Whether it is an IN with a list that is too long to be compared. */
  static boolean isLong(SqlNode node) {
    return (node.getKind() == SqlKind.IN || node.getKind() == SqlKind.NOT_IN)
        && ((SqlCall) node).operand(1) instanceof SqlNodeList list
        && list.size() > COMPARED_MAX;
  }

  /** Such an IN, without a simplification that compares each element with each other. */
  RexNode convert(SqlCall in, SqlRexContext context) {
    List<SqlNode> sought = columns(in.operand(0));
    List<RexNode> rows = new ArrayList<>();
    for (SqlNode element : (SqlNodeList) in.operand(1)) {
      List<SqlNode> given = columns(element);
      List<RexNode> equal = new ArrayList<>();
      for (int i = 0; i < sought.size(); i++) {
        equal.add(
            context.convertExpression(
                SqlStdOperatorTable.EQUALS.createCall(
                    element.getParserPosition(), sought.get(i), given.get(i))));
      }
      rows.add(RexUtil.composeConjunction(Rex.BUILDER, equal));
    }
    RexNode any = RexUtil.composeDisjunction(Rex.BUILDER, expressions.folded(rows, SqlKind.EQUALS));
    return in.getKind() == SqlKind.IN ? any : Rex.BUILDER.makeCall(SqlStdOperatorTable.NOT, any);
  }

  private static List<SqlNode> columns(SqlNode node) {
    return node.getKind() == SqlKind.ROW ? ((SqlCall) node).getOperandList() : List.of(node);
  }

  @Override
  public RelNode visit(RelNode operator) {
    return super.visit(operator).accept(expressions);
  }

  /** What generated code asks for by name while it runs. */
  static Map<String, Object> stash(RelNode root) {
    Map<String, Object> stash = new HashMap<>();
    RexShuttle found =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            if (call.getOperator() instanceof InList list) {
              stash.put(list.variable(), list.values());
            }
            return super.visitCall(call);
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            stash.putAll(stash(query.rel));
            return super.visitSubQuery(query);
          }
        };
    var unused =
        root.accept(
            new RelHomogeneousShuttle() {
              @Override
              public RelNode visit(RelNode operator) {
                return super.visit(operator).accept(found);
              }
            });
    return stash;
  }

  private final class Expressions extends RexShuttle {
    @Override
    public RexNode visitSubQuery(RexSubQuery query) {
      RexSubQuery inside = (RexSubQuery) super.visitSubQuery(query);
      RelNode rel = inside.rel.accept(InLists.this);
      return rel == inside.rel ? inside : inside.clone(rel);
    }

    @Override
    public RexNode visitCall(RexCall call) {
      return switch (call.getKind()) {
        case OR -> {
          List<RexNode> parts = RelOptUtil.disjunctions(call);
          yield parts.size() > COMPARED_MAX
              ? RexUtil.composeDisjunction(Rex.BUILDER, folded(parts, SqlKind.EQUALS))
              : super.visitCall(call);
        }
        case AND -> {
          List<RexNode> parts = RelOptUtil.conjunctions(call);
          yield parts.size() > COMPARED_MAX
              ? RexUtil.composeConjunction(Rex.BUILDER, folded(parts, SqlKind.NOT_EQUALS))
              : super.visitCall(call);
        }
        default -> super.visitCall(call);
      };
    }

    /** The parts, of which those that compare the same by {@code kind} are one. */
    private List<RexNode> folded(List<RexNode> parts, SqlKind kind) {
      Map<Sought, List<Listed>> lists = new LinkedHashMap<>();
      List<RexNode> folded = new ArrayList<>();
      for (RexNode part : parts) {
        Optional<Listed> listed = Listed.of(part, kind);
        if (listed.isPresent()) {
          lists.computeIfAbsent(listed.get().sought, key -> new ArrayList<>()).add(listed.get());
        } else {
          folded.add(part.accept(this));
        }
      }
      lists.forEach(
          (sought, list) -> {
            if (list.size() > COMPARED_MAX) {
              RexNode in = call(sought, list);
              folded.add(
                  kind == SqlKind.EQUALS ? in : Rex.BUILDER.makeCall(SqlStdOperatorTable.NOT, in));
            } else {
              list.forEach(each -> folded.add(each.part));
            }
          });
      return folded;
    }

    private RexNode call(Sought sought, List<Listed> list) {
      boolean nullable = list.stream().anyMatch(each -> each.part.getType().isNullable());
      RelDataType type =
          Types.FACTORY.createTypeWithNullability(
              Types.FACTORY.createSqlType(SqlTypeName.BOOLEAN), nullable);
      ValueList values =
          new ValueList(
              sought.nodes.stream().map(node -> Types.fromCalcite(node.getType())).toList(),
              list.stream().map(Listed::values).toList());
      count++;
      return Rex.BUILDER.makeCall(type, new InList(values, count), sought.nodes);
    }
  }

  /** What is looked for, and the types of what it is compared with. */
  private record Sought(List<RexNode> nodes, List<SqlTypeName> types) {}

  /**
   * One element of a list.
   *
   * @param part the comparisons that it was
   */
  private record Listed(Sought sought, List<Expression> values, RexNode part) {

    /** Empty when it is something else, or not the same for all rows. */
    static Optional<Listed> of(RexNode part, SqlKind kind) {
      List<RexNode> nodes = new ArrayList<>();
      List<SqlTypeName> types = new ArrayList<>();
      List<Expression> values = new ArrayList<>();
      List<RexNode> comparisons =
          kind == SqlKind.EQUALS ? RelOptUtil.conjunctions(part) : List.of(part);
      for (RexNode comparison : comparisons) {
        if (comparison.getKind() != kind) {
          return Optional.empty();
        }
        RexNode left = ((RexCall) comparison).getOperands().get(0);
        RexNode right = ((RexCall) comparison).getOperands().get(1);
        boolean reversed = RexCompiler.isConstant(left);
        RexNode node = reversed ? right : left;
        RexNode value = reversed ? left : right;
        Optional<Expression> compiled = constant(node, value);
        if (compiled.isEmpty()) {
          return Optional.empty();
        }
        nodes.add(node);
        types.add(value.getType().getSqlTypeName());
        values.add(compiled.get());
      }
      return nodes.isEmpty()
          ? Optional.empty()
          : Optional.of(new Listed(new Sought(nodes, types), values, part));
    }

    private static Optional<Expression> constant(RexNode node, RexNode value) {
      return Stream.of(node, value).anyMatch(each -> each.getType() instanceof CarriedType)
              || !RexCompiler.isConstant(value)
              || !RexCompiler.comparable(node.getType(), value.getType())
          ? Optional.empty()
          : RexCompiler.compile(value);
    }
  }
}
