package io.quorate.sql.plan;

import com.google.common.collect.ImmutableSet;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.parse.SequenceCall;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.parse.WithTies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.type.SqlTypeCoercionRule;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorTable;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.util.Static;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's validator with another word on assignments: it inserts no casts, which would cut what
 * is too long without a word, but leaves values to be converted when the row is made.
 */
final class StatementValidator extends SqlValidatorImpl {
  private static final SqlOperatorTable OPERATORS =
      SqlOperatorTables.chain(
          LobLength.OPERATORS,
          JsonCast.OPERATORS,
          SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(
              SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL),
          SessionFunctions.OPERATORS,
          JavaFunctions.OPERATORS,
          PairAggregates.OPERATORS,
          OrderedSetAggregates.OPERATORS,
          SeriesFunction.OPERATORS);

  private static final SqlValidator.Config CONFIG =
      SqlValidator.Config.DEFAULT
          .withConformance(new Strictness())
          .withIdentifierExpansion(true)
          .withDefaultNullCollation(NullCollation.HIGH)
          .withTypeCoercionEnabled(true)
          .withTypeCoercionFactory(CharCoercion::new);

  private static final SqlTypeMappingRule CASTS =
      new SqlTypeMappingRule() {
        @Override
        public Map<SqlTypeName, ImmutableSet<SqlTypeName>> getTypeMapping() {
          return SqlTypeCoercionRule.instance().getTypeMapping();
        }

        @Override
        public boolean canApplyFrom(SqlTypeName to, SqlTypeName from) {
          return (from == SqlTypeName.OTHER && SqlTypeName.CHAR_TYPES.contains(to))
              || SqlTypeMappingRule.super.canApplyFrom(to, from);
        }
      };

  private final CalciteCatalogReader reader;
  private final FunctionForms forms;
  private int sequenceCalls;

  StatementValidator(CalciteCatalogReader reader) {
    this(reader, reader);
  }

  /**
   * @param session the reader of the statement, where this is of a view in it
   */
  StatementValidator(CalciteCatalogReader reader, CalciteCatalogReader session) {
    super(OPERATORS, reader, Types.FACTORY, CONFIG);
    this.reader = reader;
    this.forms = new FunctionForms(session.getSchemaPaths().get(0).get(0));
  }

  /**
   * Puts the functions of sequences and other {@linkplain FunctionForms forms} in their places and
   * takes a plus before a value away, which of a text would make a number (ORDER BY +1 is no ORDER
   * BY 1, so literals keep it); it meets each part of what is validated.
   */
  @Override
  protected @Nullable SqlNode performUnconditionalRewrites(
      @Nullable SqlNode node, boolean underFrom) {
    if (node instanceof SqlCall sign
        && sign.getKind() == SqlKind.PLUS_PREFIX
        && !(sign.operand(0) instanceof SqlLiteral)) {
      return performUnconditionalRewrites(sign.operand(0), underFrom);
    }
    if (node instanceof SqlOrderBy ordered
        && WithTies.rows(ordered.fetch).orElse(null) instanceof SqlDynamicParam rows) {
      setValidatedNodeType(rows, typeFactory.createSqlType(SqlTypeName.BIGINT));
    }
    Optional<SqlNode> form = node == null ? Optional.empty() : forms.of(node);
    if (form.isPresent()) {
      return performUnconditionalRewrites(form.get(), underFrom);
    }
    Optional<SqlNode> unfiltered =
        node instanceof SqlCall over ? WindowCall.withoutFilter(over) : Optional.empty();
    if (unfiltered.isPresent()) {
      return super.performUnconditionalRewrites(unfiltered.get(), underFrom);
    }
    Optional<SequenceCall> call = node == null ? Optional.empty() : SequenceCall.of(node);
    return call.isPresent()
        ? sequenceValue(call.get())
        : super.performUnconditionalRewrites(node, underFrom);
  }

  /** Calcite's forgets the frame of a window that is made of a named one. */
  @Override
  public SqlWindow resolveWindow(SqlNode windowOrName, SqlValidatorScope scope) {
    SqlWindow resolved = super.resolveWindow(windowOrName, scope);
    SqlWindow given =
        windowOrName instanceof SqlIdentifier name
            ? scope.lookupWindow(name.getSimple())
            : (SqlWindow) windowOrName;
    if (given == null || given.getRefName() == null || given.getLowerBound() == null) {
      return resolved;
    }
    return SqlWindow.create(
        resolved.getDeclName(),
        null,
        resolved.getPartitionList(),
        resolved.getOrderList(),
        SqlLiteral.createBoolean(given.isRows(), given.getParserPosition()),
        given.getLowerBound(),
        given.getUpperBound(),
        null,
        given.getExclude(),
        given.getParserPosition());
  }

  /** Also of the rows of an IN list, where each parameter is of the type of its column. */
  @Override
  protected void inferUnknownTypes(
      RelDataType inferredType, SqlValidatorScope scope, SqlNode node) {
    if (node instanceof LiftedLiteral) {
      return; // it has one
    }
    if (inferredType.isStruct()
        && node instanceof SqlNodeList rows
        && rows.size() > 0
        && rows.stream().allMatch(row -> row != null && row.getKind() == SqlKind.ROW)) {
      rows.forEach(row -> inferUnknownTypes(inferredType, scope, Objects.requireNonNull(row)));
    } else {
      super.inferUnknownTypes(inferredType, scope, node);
    }
  }

  @Override
  public RelDataType deriveType(SqlValidatorScope scope, SqlNode expression) {
    if (expression instanceof LiftedLiteral literal) {
      setValidatedNodeType(literal, literal.type());
    }
    return super.deriveType(scope, expression);
  }

  /** By their numbers, which those of literals have out of their turn. */
  @Override
  public RelDataType getParameterRowType(SqlNode statement) {
    SortedMap<Integer, RelDataType> types = new TreeMap<>();
    statement.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            types.put(parameter.getIndex(), getValidatedNodeType(parameter));
            return null;
          }
        });
    RelDataTypeFactory.Builder row = typeFactory.builder();
    int count = types.isEmpty() ? 0 : types.lastKey() + 1;
    for (int i = 0; i < count; i++) {
      RelDataType type = types.get(i);
      row.add("?" + i, type == null ? typeFactory.createSqlType(SqlTypeName.VARCHAR) : type);
    }
    return row.build();
  }

  /**
   * A DEFAULT with the functions of sequences in their places, for whatever validator.
   *
   * @param first for the numbers of its places, other ones than any other expression's
   */
  static SqlNode withSequences(SqlNode expression, CalciteCatalogReader reader, int first) {
    StatementValidator validator = new StatementValidator(reader);
    validator.sequenceCalls = first;
    return Objects.requireNonNull(validator.performUnconditionalRewrites(expression, false));
  }

  private SqlNode sequenceValue(SequenceCall call) {
    List<String> name =
        call.name().schema() == null
            ? List.of(call.name().name())
            : List.of(call.name().schema(), call.name().name());
    CalciteSchema.TableEntry entry = SqlValidatorUtil.getTableEntry(reader, name);
    String shown = "\"" + String.join(".", name) + "\"";
    String where =
        "line "
            + call.position().getLineNum()
            + ", column "
            + call.position().getColumnNum()
            + ": ";
    if (entry == null) {
      throw new SqlFailure(
          SqlFailure.State.TABLE_NOT_FOUND, where + "sequence " + shown + " not found");
    }
    if (!(entry.getTable() instanceof SequenceTable found)) {
      throw new SqlFailure(SqlFailure.State.WRONG_OBJECT, where + shown + " is not a sequence");
    }
    Needs needs = reader.unwrap(Needs.class);
    if (needs != null) {
      needs.takes(found.sequence());
    }
    sequenceCalls++;
    return new SequenceFunction(found.sequence(), call.next(), sequenceCalls)
        .createCall(call.position());
  }

  /** Calcite's, and a JSON is cast to text; {@link CarriedValueUse} sees that nothing else is. */
  @Override
  public SqlTypeMappingRule getTypeMappingRule() {
    return CASTS;
  }

  /** The tables and views in each FROM, once all is validated. */
  List<SqlValidatorTable> tablesRead() {
    List<SqlValidatorTable> tables = new ArrayList<>();
    namespaces.forEach(
        (node, namespace) -> {
          SqlValidatorTable table = namespace.getTable();
          if (table != null && !node.isA(SqlKind.DML)) {
            tables.add(table);
          }
        });
    return tables;
  }

  @Override
  protected void checkTypeAssignment(
      @Nullable SqlValidatorScope scope,
      SqlValidatorTable table,
      RelDataType source,
      RelDataType target,
      SqlNode statement) {
    List<RelDataTypeField> from = source.getFieldList();
    List<RelDataTypeField> to = target.getFieldList();
    for (int i = 0; i < from.size(); i++) {
      if (!isAssignable(from.get(i).getType(), to.get(i).getType())) {
        throw newValidationError(
            statement,
            Static.RESOURCE.typeNotAssignable(
                to.get(i).getName(),
                to.get(i).getType().toString(),
                from.get(i).getName(),
                from.get(i).getType().toString()));
      }
    }
  }

  /**
   * The parser's, but a column of a GROUP BY query is grouped, no alias hides a column, and a row
   * has a value for each column.
   */
  private static final class Strictness extends SqlDelegatingConformance {
    Strictness() {
      super(StatementParser.CONFORMANCE);
    }

    @Override
    public boolean isNonStrictGroupBy() {
      return false;
    }

    @Override
    public boolean isInsertSubsetColumnsAllowed() {
      return false;
    }

    @Override
    public SelectAliasLookup isSelectAlias() {
      return SelectAliasLookup.UNSUPPORTED;
    }
  }

  /**
   * Refuses what a column does not take, where a statement is not Calcite's to validate.
   *
   * @throws SqlFailure {@link SqlFailure.State#TYPE_MISMATCH}
   */
  static void checkAssignable(ColumnDef column, RelDataType from) {
    if (!isAssignable(from, Types.toCalcite(column.type(), true))) {
      throw new SqlFailure(
          SqlFailure.State.TYPE_MISMATCH,
          "column \""
              + column.name()
              + "\" of type "
              + column.type()
              + " cannot be set to a value of type "
              + from);
    }
  }

  /** Whether a column of the one type takes values of the other. */
  static boolean isAssignable(RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    SqlTypeName target = to.getSqlTypeName();
    if (to instanceof CarriedType large) {
      return large.takes(from);
    }
    if (source == SqlTypeName.NULL || source == SqlTypeName.ANY || source == target) {
      return true;
    }
    if (SqlTypeName.CHAR_TYPES.contains(source)) {
      return !SqlTypeName.BINARY_TYPES.contains(target);
    }
    SqlTypeFamily family = source.getFamily();
    if (family != null && family == target.getFamily()) {
      return true;
    }
    boolean numbers =
        SqlTypeName.NUMERIC_TYPES.contains(source) && SqlTypeName.NUMERIC_TYPES.contains(target);
    return numbers
        || (source == SqlTypeName.DATE && target == SqlTypeName.TIMESTAMP)
        || (source == SqlTypeName.TIMESTAMP
            && (target == SqlTypeName.DATE || target == SqlTypeName.TIME));
  }
}
