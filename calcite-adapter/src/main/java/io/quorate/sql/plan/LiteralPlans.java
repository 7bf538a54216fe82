package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.LiteralText;
import io.quorate.sql.parse.StatementParser;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/**
 * Plans that serve all statements that differ in nothing but in the values of some literals: the
 * third level of what a planner remembers, behind the plans that sessions hold on to and those of
 * whole texts. Thread-safe.
 *
 * <p>Statements that are alike but for literals have a <em>form</em>. The first statement of a form
 * is planned as if there was no such thing, for most forms come once. With the second one it is
 * tried to put parameters in the places of its literals ({@link LiteralLifting}), and if the plan
 * of that {@linkplain Plan#suitsAllValues() suits all values}, it is kept under the text that is
 * left of the statement: its literals that were lifted are only named by their types there, all
 * others stand in it. So what it has in common with another statement of the same such text is all
 * that planning has looked at. If not, the form is remembered as one whose statements are planned
 * each by itself, until the statistics of its table change.
 *
 * <p>A statement whose plan comes from here takes no room among the whole texts, unless it comes
 * again and again.
 */
final class LiteralPlans {
  private final PlanCache<RememberedPlan> plans;
  private final PlanCache<Form> forms;
  private final InstantSource clock;

  /**
   * @param plans where its plans are put, beside those of whole texts
   * @param formsMax how many forms are remembered
   */
  LiteralPlans(PlanCache<RememberedPlan> plans, int formsMax, InstantSource clock) {
    this.plans = plans;
    this.forms = new PlanCache<>(formsMax);
    this.clock = clock;
  }

  /** What is known of statements that are alike but for literals. */
  private sealed interface Form permits Seen, Apart, Shared {}

  /** Met once. Immutable. */
  private static final class Seen implements Form {}

  /** Its statements are planned each by itself. Immutable. */
  private static final class Apart implements Form {
    private final @Nullable Plan refused;

    /**
     * @param refused the plan that does not suit all values; null when there was none to be had
     */
    Apart(@Nullable Plan refused) {
      this.refused = refused;
    }

    boolean isStale() {
      return refused != null && refused.isStale();
    }
  }

  /** There are plans that serve more than one of its statements. Immutable. */
  private static final class Shared implements Form {
    private final boolean[] kept;
    private final boolean keepsNone;
    private final List<LiteralLifting.Found> lifted;
    private final int given;

    Shared(LiteralLifting lifting) {
      this.kept = lifting.kept();
      this.keepsNone = lifting.lifted().size() == kept.length;
      this.lifted = lifting.lifted();
      this.given = lifting.given();
    }

    BoundLiterals values(LiteralText text) {
      List<Object> values = new ArrayList<>(lifted.size());
      for (LiteralLifting.Found each : lifted) {
        values.add(text.value(each.literal(), each.negative()));
      }
      return new BoundLiterals(given, values);
    }
  }

  /** A statement on its way to its plan. */
  private record Asked(Schemas tables, String schema, String sql, LiteralText text) {
    PlanCache.Key form() {
      return key(text.key(null));
    }

    /**
     * @param all the key of its form, which is the same where no literal stays
     */
    PlanCache.Key shared(Shared form, PlanCache.Key all) {
      return form.keepsNone ? all : key(text.key(form.kept));
    }

    private PlanCache.Key key(String left) {
      return new PlanCache.Key(tables.catalog().version(), schema, left, PlanCache.Level.LITERALS);
    }
  }

  /**
   * The plan for a statement whose text is not known; empty when it is to be planned by itself.
   *
   * @param schema for names without one
   * @param planning of a statement with parameters in the places of literals
   */
  Optional<Plan> plan(Schemas tables, String schema, String sql, Function<SqlNode, Plan> planning) {
    Optional<LiteralText> text = LiteralText.of(sql);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Asked asked = new Asked(tables, schema, sql, text.get());
    PlanCache.Key key = asked.form();
    Form form = forms.find(key).orElse(null);
    if (form == null) {
      forms.put(key, new Seen());
      return Optional.empty();
    }
    if (form instanceof Shared shared) {
      Optional<Plan> known = find(asked, shared, key);
      if (known.isPresent()) {
        return known;
      }
    } else if (form instanceof Apart apart && !apart.isStale()) {
      return Optional.empty();
    }
    return make(asked, key, planning);
  }

  private Optional<Plan> find(Asked asked, Shared form, PlanCache.Key all) {
    PlanCache.Key key = asked.shared(form, all);
    Optional<RememberedPlan> known = plans.find(key).filter(each -> !each.plan().isStale());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Plan plan = form.values(asked.text).bind(known.get().hit());
    if (known.get().isRepeated(asked.sql)) {
      plans.put(
          new PlanCache.Key(key.catalogVersion(), key.schema(), asked.sql),
          new RememberedPlan(plan, clock.instant()));
    }
    return Optional.of(plan);
  }

  private Optional<Plan> make(Asked asked, PlanCache.Key key, Function<SqlNode, Plan> planning) {
    SqlNode node = StatementParser.parse(asked.sql);
    Optional<LiteralLifting> lifting =
        LiteralLifting.of(asked.tables, asked.schema, asked.sql, node, asked.text);
    if (lifting.isEmpty()) {
      forms.put(key, new Apart(null));
      return Optional.empty();
    }
    Optional<Plan> plan = planned(node, planning);
    if (plan.isEmpty() || !plan.get().suitsAllValues()) {
      forms.put(key, new Apart(plan.orElse(null)));
      return Optional.empty();
    }
    Shared form = new Shared(lifting.get());
    forms.put(key, form);
    plans.put(asked.shared(form, key), new RememberedPlan(plan.get(), clock.instant()));
    return Optional.of(form.values(asked.text).bind(plan.get()));
  }

  /** Empty when it cannot be planned; as it was written it fails too, or is planned another way. */
  private static Optional<Plan> planned(SqlNode node, Function<SqlNode, Plan> planning) {
    try {
      return Optional.of(planning.apply(node));
    } catch (SqlFailure e) {
      if (e.state() == State.CANCELLED) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** A statement as one with others, for what is to be known of all of them alike. */
  interface Common {
    /** What they have in common. */
    PlanCache.Key key();

    /** The syntax tree, with parameters in the places of literals. */
    SqlNode node();
  }

  /**
   * What the statement has in common with others, when it shares its plan with them.
   *
   * @param schema for names without one
   */
  Optional<Common> common(Schemas tables, String schema, String sql) {
    Optional<LiteralText> text = LiteralText.of(sql);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Asked asked = new Asked(tables, schema, sql, text.get());
    PlanCache.Key key = asked.form();
    return forms
        .find(key)
        .filter(Shared.class::isInstance)
        .map(form -> common(asked, (Shared) form, key));
  }

  private static Common common(Asked asked, Shared form, PlanCache.Key all) {
    return new Common() {
      @Override
      public PlanCache.Key key() {
        return asked.shared(form, all);
      }

      @Override
      public SqlNode node() {
        SqlNode node = StatementParser.parse(asked.sql);
        boolean same =
            LiteralLifting.of(asked.tables, asked.schema, asked.sql, node, asked.text)
                .filter(lifting -> Arrays.equals(lifting.kept(), form.kept))
                .isPresent();
        if (!same) {
          throw new IllegalStateException("other literals are lifted than of a statement alike");
        }
        return node;
      }
    };
  }
}
