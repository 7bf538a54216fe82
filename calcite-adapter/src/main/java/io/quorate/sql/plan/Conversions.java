package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.parse.WithTies;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.jspecify.annotations.Nullable;

/** One statement on its way from syntax to relational algebra. Confined to one thread. */
final class Conversions {
  private static final SqlToRelConverter.Config CONFIG =
      SqlToRelConverter.config()
          .withTrimUnusedFields(false)
          .withExpand(false)
          .withInSubQueryThreshold(Integer.MAX_VALUE);

  private final CalciteCatalogReader reader;
  private final RelOptCluster cluster;
  private final StatementValidator validator;
  private final SqlNode validated;
  private final RelRoot root;
  private final PlanningBudget budget;
  private final InLists inLists = new InLists();

  /** Of an INSERT the rows are kept as they are written: their types need not be the columns'. */
  static Conversions ofInsert(SqlNode statement, CalciteCatalogReader reader) {
    return new Conversions(statement, reader, CONFIG.withCreateValuesRel(false));
  }

  static Conversions of(SqlNode statement, CalciteCatalogReader reader) {
    return new Conversions(statement, reader, CONFIG);
  }

  private Conversions(
      SqlNode statement, CalciteCatalogReader reader, SqlToRelConverter.Config config) {
    this.reader = reader;
    this.validator = new StatementValidator(reader);
    this.validated = validator.validate(statement);
    this.budget = new PlanningBudget(cancelFlag(reader));
    VolcanoPlanner planner = new VolcanoPlanner(Contexts.of(budget));
    planner.addListener(budget);
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    planner.setExecutor(new ConstantFolding());
    this.cluster = RelOptCluster.create(planner, Rex.BUILDER);
    RelRoot converted = convert(validated, validator, reader, config);
    CarriedValueUse.check(converted.rel);
    this.root = converted.withRel(converted.rel.accept(new JsonParts()).accept(inLists));
    Needs needs = reader.unwrap(Needs.class);
    if (needs != null) {
      RelNode rel =
          new Converter(this::scanView, validator, reader, config)
              .convertQuery(validated, false, true)
              .rel;
      ReadColumns.tell(needs, validator.tablesRead(), rel, reader);
    }
  }

  /** A view as a table of its own, for what is read of it. */
  private RelRoot scanView(
      RelDataType rowType, String sql, List<String> schemaPath, List<String> viewPath) {
    RelOptTable view = Objects.requireNonNull(reader.getTable(viewPath));
    return RelRoot.of(LogicalTableScan.create(cluster, view, List.of()), SqlKind.SELECT);
  }

  private RelRoot convert(
      SqlNode query,
      StatementValidator queryValidator,
      CalciteCatalogReader queryReader,
      SqlToRelConverter.Config config) {
    SqlToRelConverter.Config used =
        UuidOrder.isAskedBy(query, queryValidator)
            ? config.withRelBuilderConfigTransform(builder -> builder.withSimplify(false))
            : config;
    return new Converter(this::expandView, queryValidator, queryReader, used)
        .convertQuery(query, false, true);
  }

  private static CancelFlag cancelFlag(CalciteCatalogReader reader) {
    CancelFlag cancel = reader.unwrap(CancelFlag.class);
    return cancel == null ? CancelFlag.NEVER : cancel;
  }

  /** Calcite's, but it counts, and long lists do not go through its simplification. */
  private final class Converter extends SqlToRelConverter {
    private final SqlValidator valuesValidator;

    /** Whether values are for the columns of a table, which convert them. */
    private final boolean given;

    Converter(
        RelOptTable.ViewExpander views,
        SqlValidator queryValidator,
        CalciteCatalogReader queryReader,
        SqlToRelConverter.Config config) {
      super(
          views,
          queryValidator,
          queryReader,
          Conversions.this.cluster,
          TimeCasts::convertlet,
          config);
      this.valuesValidator = queryValidator;
      this.given = !config.isCreateValuesRel();
    }

    /**
     * Rows of an INSERT that read nothing are taken without casts, which would cut their values.
     */
    @Override
    public RelNode convertValues(SqlCall values, @Nullable RelDataType target) {
      return given
              && target != null
              && values.getOperandList().stream().anyMatch(row -> isCast(row, target))
          ? rows(values).orElseGet(() -> super.convertValues(values, target))
          : super.convertValues(values, target);
    }

    /** Literals are not, but where they are text for something else. */
    private static boolean isCast(SqlNode row, RelDataType target) {
      List<SqlNode> written = ((SqlCall) row).getOperandList();
      for (int i = 0; i < written.size(); i++) {
        boolean text = SqlTypeUtil.isCharacter(target.getFieldList().get(i).getType());
        if (!(written.get(i) instanceof SqlLiteral)
            || (written.get(i) instanceof SqlCharStringLiteral && !text)) {
          return true;
        }
      }
      return false;
    }

    /** Empty when they are more than what can be computed without generated code. */
    private Optional<RelNode> rows(SqlCall values) {
      Blackboard board = createBlackboard(valuesValidator.getOverScope(values), null, false);
      List<List<RexNode>> rows = new ArrayList<>();
      for (SqlNode row : values.getOperandList()) {
        List<SqlNode> written = ((SqlCall) row).getOperandList();
        if (written.stream().anyMatch(Converter::hasQuery)) {
          return Optional.empty();
        }
        rows.add(written.stream().map(board::convertExpression).toList());
      }
      if (RexCompiler.compileRows(rows).isEmpty()) {
        return Optional.empty();
      }
      List<String> names = valuesValidator.getValidatedNodeType(values).getFieldNames();
      List<RelNode> projects = new ArrayList<>();
      for (List<RexNode> row : rows) {
        RelNode none = LogicalValues.createOneRow(cluster);
        projects.add(LogicalProject.create(none, List.of(), row, names, Set.of()));
      }
      return Optional.of(
          projects.size() == 1 ? projects.get(0) : LogicalUnion.create(projects, true));
    }

    private static boolean hasQuery(SqlNode node) {
      return SqlUtil.containsCall(node, call -> call.isA(SqlKind.QUERY));
    }

    @Override
    protected void convertOrder(
        SqlSelect select,
        Blackboard board,
        RelCollation collation,
        List<SqlNode> sortedBy,
        @Nullable SqlNode offset,
        @Nullable SqlNode fetch) {
      Optional<SqlNode> rows = WithTies.rows(fetch);
      super.convertOrder(select, board, collation, sortedBy, offset, rows.orElse(fetch));
      if (rows.isPresent()) {
        board.setRoot(Ties.added(board.root()), false);
      }
    }

    @Override
    protected RelRoot convertQueryRecursive(
        SqlNode query, boolean top, @Nullable RelDataType targetRowType) {
      budget.query();
      return super.convertQueryRecursive(query, top, targetRowType);
    }

    @Override
    protected @Nullable RexNode convertExtendedExpression(SqlNode node, Blackboard board) {
      budget.check();
      return InLists.isLong(node) ? inLists.convert((SqlCall) node, board) : null;
    }
  }

  /** The query of a view, whose names are looked up in the schema that it was made in. */
  private RelRoot expandView(
      RelDataType rowType, String sql, List<String> schemaPath, List<String> viewPath) {
    CalciteCatalogReader viewReader = reader.withSchemaPath(schemaPath);
    StatementValidator viewValidator = new StatementValidator(viewReader, reader);
    SqlNode query = viewValidator.validate(StatementParser.parse(sql));
    return convert(query, viewValidator, viewReader, CONFIG);
  }

  RelRoot root() {
    return root;
  }

  List<ResultColumn> parameters() {
    RelDataType type = validator.getParameterRowType(validated);
    List<ResultColumn> parameters = new ArrayList<>();
    for (RelDataTypeField field : type.getFieldList()) {
      parameters.add(ResultColumn.computed(field.getName(), Types.fromCalcite(field.getType())));
    }
    return parameters;
  }

  /** The columns of a query, with the columns of tables that they come from. */
  List<ResultColumn> columns() {
    List<RelDataTypeField> fields = validator.getValidatedNodeType(validated).getFieldList();
    List<@Nullable List<String>> origins = validator.getFieldOrigins(validated);
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      columns.add(column(fields.get(i), i < origins.size() ? origins.get(i) : null));
    }
    return columns;
  }

  private static ResultColumn column(RelDataTypeField field, @Nullable List<String> origin) {
    SqlType type = Types.fromCalcite(field.getType());
    boolean nullable = field.getType().isNullable();
    if (origin == null || origin.size() < 3) {
      return new ResultColumn(field.getName(), type, nullable, "", "", "");
    }
    List<String> names = origin.subList(origin.size() - 3, origin.size());
    return new ResultColumn(
        field.getName(), type, nullable, names.get(0), names.get(1), names.get(2));
  }
}
