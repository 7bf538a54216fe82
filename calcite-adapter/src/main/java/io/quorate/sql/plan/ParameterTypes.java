package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/** The types of the question marks of an algebra, wherever they stand in it. */
final class ParameterTypes {
  private ParameterTypes() {}

  /** By their numbers; one that is not used may be anything. */
  static List<ResultColumn> in(RelNode rel) {
    SortedMap<Integer, SqlType> found = new TreeMap<>();
    rel.accept(new Finder(found));
    List<ResultColumn> parameters = new ArrayList<>();
    int count = found.isEmpty() ? 0 : found.lastKey() + 1;
    for (int i = 0; i < count; i++) {
      SqlType type = found.getOrDefault(i, SqlType.of(SqlType.Name.VARCHAR));
      parameters.add(ResultColumn.computed("?" + i, type));
    }
    return parameters;
  }

  private static final class Finder extends RelHomogeneousShuttle {
    private final RexShuttle expressions;

    Finder(SortedMap<Integer, SqlType> found) {
      this.expressions =
          new RexShuttle() {
            @Override
            public RexNode visitDynamicParam(RexDynamicParam parameter) {
              found.put(parameter.getIndex(), Types.fromCalcite(parameter.getType()));
              return parameter;
            }

            @Override
            public RexNode visitSubQuery(RexSubQuery query) {
              query.rel.accept(Finder.this);
              return super.visitSubQuery(query);
            }
          };
    }

    @Override
    public RelNode visit(RelNode other) {
      return super.visit(other).accept(expressions);
    }
  }
}
