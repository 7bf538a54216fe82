package io.quorate.sql.exec;

import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.codec.RowCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.rel.type.TimeFrames;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;

/** What generated code may ask for while it runs one statement. One thread's own. */
public final class StatementContext implements DataContext {
  /** By this name the generated code asks for what LAST_COMMIT_TOKEN() is. */
  public static final String COMMIT_TOKEN = "lastCommitToken";

  private static final String NEXT_VALUE = "nextValue:";
  private static final String CURRENT_VALUE = "currentValue:";

  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
  private static final RowCodec NO_COLUMNS = new RowCodec(List.of());

  private final ExecutionContext context;
  private final List<ResultColumn> types;
  private final List<@Nullable Object> parameters;
  private final Map<String, Object> stash;
  private final StepCounts counts;

  /** By recursive query, the rows that its round under way works on. */
  private final Map<RecursiveRows, List<@Nullable Object[]>> working = new HashMap<>();

  /** By join, the batch of rows that it looks up now. */
  private final Map<LookupJoin, LookupJoin.Place> lookups = new HashMap<>();

  private @Nullable Frame lists;
  private @Nullable SchemaPlus schema;

  /**
   * @param types of the parameters
   * @param stash what the generated code keeps with the plan
   * @param counts for generated code that counts
   */
  public StatementContext(
      ExecutionContext context,
      List<ResultColumn> types,
      Map<String, Object> stash,
      StepCounts counts) {
    this.context = context;
    this.types = types;
    this.parameters = Parameters.convert(types, context.parameters());
    this.stash = stash;
    this.counts = counts;
  }

  public ExecutionContext execution() {
    return context;
  }

  /** Generated code calls it, for each row anew. */
  public UUID randomUuid() {
    return RandomIds.next(context.random());
  }

  MemoryMeter meter() {
    return counts.meter();
  }

  StepCounts counts() {
    return counts;
  }

  List<@Nullable Object[]> working(RecursiveRows query) {
    return working.getOrDefault(query, List.of());
  }

  /** Puts other rows in the place of those that it returns. */
  List<@Nullable Object[]> work(RecursiveRows query, List<@Nullable Object[]> rows) {
    List<@Nullable Object[]> before = working.put(query, rows);
    return before == null ? List.of() : before;
  }

  LookupJoin.Place place(LookupJoin join) {
    return lookups.computeIfAbsent(join, each -> new LookupJoin.Place());
  }

  /** For the expressions of an access path over rows of {@code codec}. */
  Frame frame(RowCodec codec) {
    return new Frame(context, parameters, codec);
  }

  /** For expressions that see no row. */
  Frame frame() {
    return frame(NO_COLUMNS);
  }

  @Override
  @SuppressWarnings("NullAway") // generated code takes null for NULL
  public Object get(String name) {
    if (name.startsWith("?")) {
      int ordinal = Integer.parseInt(name.substring(1));
      return Values.toInternal(types.get(ordinal).type(), parameters.get(ordinal));
    }
    Object stashed = stash.get(name);
    if (stashed instanceof ValueList list) {
      return lists().set(list);
    }
    return stashed != null ? stashed : variable(name);
  }

  /** Which remembers the values of lists. */
  private Frame lists() {
    if (lists == null) {
      lists = frame();
    }
    return lists;
  }

  /**
   * By this name the generated code asks for a value of a sequence.
   *
   * @param next whether it takes one
   */
  public static String sequenceVariable(SequenceDef sequence, boolean next) {
    return (next ? NEXT_VALUE : CURRENT_VALUE) + sequence.id();
  }

  private SequenceDef sequence(String id) {
    return context.catalog().objects().findSequence(Integer.parseInt(id)).orElseThrow();
  }

  private @Nullable Object variable(String name) {
    if (name.startsWith(NEXT_VALUE)) {
      return context.sequences().next(sequence(name.substring(NEXT_VALUE.length())));
    }
    if (name.startsWith(CURRENT_VALUE)) {
      return context.sequences().last(sequence(name.substring(CURRENT_VALUE.length())));
    }
    return switch (name) {
      case "utcTimestamp", "currentTimestamp", "localTimestamp", "sysTimestamp" ->
          context.now().toEpochMilli();
      case "timeZone" -> UTC;
      case "locale" -> Locale.ROOT;
      case "timeFrameSet" -> TimeFrames.CORE;
      case COMMIT_TOKEN -> context.commitToken().get();
      case "user", "systemUser" -> context.user();
      default -> null;
    };
  }

  /** Empty, for rows come by {@link ScanSource}; a recursive query puts its table there. */
  @Override
  public SchemaPlus getRootSchema() {
    if (schema == null) {
      schema = CalciteSchema.createRootSchema(false, false).plus();
    }
    return schema;
  }

  @Override
  @SuppressWarnings("NullAway")
  public JavaTypeFactory getTypeFactory() {
    return null;
  }

  @Override
  @SuppressWarnings("NullAway")
  public QueryProvider getQueryProvider() {
    return null;
  }
}
