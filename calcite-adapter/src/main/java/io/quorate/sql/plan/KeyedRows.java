package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.jspecify.annotations.Nullable;

/**
 * A query whose rows have behind their own columns the keys, in the store, of the rows of tables
 * that they are made of, in the order of FROM. Each row must be made of one row of each such table,
 * so that there is nothing but projections, sorts, filters and joins above these.
 *
 * <p>Every operator on the way keeps its columns where they were, and has the keys behind them.
 * Confined to one thread.
 */
final class KeyedRows {
  private final String clause;
  private final List<FromItem> locked;
  private final CalciteCatalogReader keyed;
  private final boolean whole;
  private @Nullable RexNode offset;
  private @Nullable RexNode fetch;

  /**
   * @param clause for messages, as in FOR UPDATE
   * @param locked whose keys are wanted
   * @param keyed finds their tables with a last column that is the key
   * @param whole whether OFFSET and LIMIT are taken away, to be told by {@link #offset} and {@link
   *     #fetch}
   */
  KeyedRows(String clause, List<FromItem> locked, CalciteCatalogReader keyed, boolean whole) {
    this.clause = clause;
    this.locked = List.copyOf(locked);
    this.keyed = keyed;
    this.whole = whole;
  }

  /**
   * The query with its keys.
   *
   * @param from the FROM that the query was made of
   */
  RelNode of(RelNode query, FromItem from) {
    if (query instanceof Sort sort) {
      RelNode input = of(sort.getInput(), from);
      if (!whole) {
        return sort.copy(sort.getTraitSet(), input, sort.getCollation(), sort.offset, sort.fetch);
      }
      offset = sort.offset;
      fetch = sort.fetch;
      return sort.getCollation().getFieldCollations().isEmpty()
          ? input
          : sort.copy(sort.getTraitSet(), input, sort.getCollation(), null, null);
    }
    if (query instanceof Project project) {
      if (project.getProjects().stream().anyMatch(RexOver::containsOver)) {
        throw refused("window functions");
      }
      return project(project, of(project.getInput(), from));
    }
    return joined(query, from, false);
  }

  private RelNode joined(RelNode rel, FromItem from, boolean mayBeMissing) {
    if (from.leaves().stream().noneMatch(locked::contains)) {
      return rel;
    }
    if (rel instanceof Filter filter) {
      RelNode input = joined(filter.getInput(), from, mayBeMissing);
      UnaryOperator<RexNode> retyped = retyped(filter.getVariablesSet(), input);
      return filter.copy(filter.getTraitSet(), input, retyped.apply(filter.getCondition()));
    }
    if (rel instanceof Project project) {
      return project(project, joined(project.getInput(), from, mayBeMissing));
    }
    if (rel instanceof Join join && !from.isLeaf()) {
      return join(
          join,
          joined(
              join.getLeft(),
              from.sides().get(0),
              mayBeMissing || join.getJoinType().generatesNullsOnLeft()),
          joined(
              join.getRight(),
              from.sides().get(1),
              mayBeMissing || join.getJoinType().generatesNullsOnRight()));
    }
    if (!(rel instanceof TableScan scan) || !from.isLeaf()) {
      throw refused("this FROM");
    }
    if (mayBeMissing) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          clause
              + " cannot lock \""
              + from.name()
              + "\", the side of an outer join that may be missing; name the others by OF");
    }
    RelOptTable table = keyed.getTable(scan.getTable().getQualifiedName());
    return LogicalTableScan.create(
        scan.getCluster(), Objects.requireNonNull(table), scan.getHints());
  }

  private static RelNode project(Project project, RelNode input) {
    UnaryOperator<RexNode> retyped = retyped(project.getVariablesSet(), input);
    List<RexNode> all = new ArrayList<>();
    project.getProjects().forEach(each -> all.add(retyped.apply(each)));
    addFrom(project.getInput().getRowType().getFieldCount(), input, all);
    return LogicalProject.create(
        input, project.getHints(), all, (List<String>) null, project.getVariablesSet());
  }

  /** The columns from an ordinal on. */
  private static void addFrom(int first, RelNode rel, List<RexNode> all) {
    List<RelDataTypeField> fields = rel.getRowType().getFieldList();
    for (int i = first; i < fields.size(); i++) {
      all.add(Rex.BUILDER.makeInputRef(fields.get(i).getType(), i));
    }
  }

  private static RelNode join(Join join, RelNode left, RelNode right) {
    int leftOwn = join.getLeft().getRowType().getFieldCount();
    int leftAll = left.getRowType().getFieldCount();
    int rightOwn = join.getRight().getRowType().getFieldCount();
    RexNode condition =
        join.getCondition()
            .accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitInputRef(RexInputRef reference) {
                    return reference.getIndex() < leftOwn
                        ? reference
                        : Rex.BUILDER.makeInputRef(
                            reference.getType(), reference.getIndex() + leftAll - leftOwn);
                  }
                });
    RelNode both =
        join.copy(
            join.getTraitSet(), condition, left, right, join.getJoinType(), join.isSemiJoinDone());
    List<RexNode> columns = new ArrayList<>();
    addFrom(0, both, columns);
    List<RexNode> all = new ArrayList<>(columns.subList(0, leftOwn));
    all.addAll(columns.subList(leftAll, leftAll + rightOwn));
    all.addAll(columns.subList(leftOwn, leftAll));
    all.addAll(columns.subList(leftAll + rightOwn, columns.size()));
    return LogicalProject.create(both, List.of(), all, (List<String>) null, Set.of());
  }

  /** Sub-queries that use the row see one with more columns now. */
  private static UnaryOperator<RexNode> retyped(Set<CorrelationId> used, RelNode input) {
    if (used.isEmpty()) {
      return node -> node;
    }
    RelDataType type = input.getRowType();
    RexShuttle shuttle =
        new RexShuttle() {
          @Override
          public RexNode visitCorrelVariable(RexCorrelVariable variable) {
            return used.contains(variable.id)
                ? Rex.BUILDER.makeCorrel(type, variable.id)
                : variable;
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            RexShuttle each = this;
            RelNode inside =
                query.rel.accept(
                    new RelHomogeneousShuttle() {
                      @Override
                      public RelNode visit(RelNode other) {
                        return super.visit(other).accept(each);
                      }
                    });
            return ((RexSubQuery) super.visitSubQuery(query)).clone(inside);
          }
        };
    return node -> node.accept(shuttle);
  }

  /** What was taken away; empty where there was none. */
  Optional<RexNode> offset() {
    return Optional.ofNullable(offset);
  }

  Optional<RexNode> fetch() {
    return Optional.ofNullable(fetch);
  }

  private SqlFailure refused(String what) {
    return new SqlFailure(State.NOT_SUPPORTED, clause + " is not allowed with " + what);
  }
}
