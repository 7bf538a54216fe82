package io.quorate.sql.plan;

import io.quorate.sql.exec.StepCounts;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.externalize.RelWriterImpl;
import org.apache.calcite.util.Pair;
import org.jspecify.annotations.Nullable;

/** The operators of a plan as text, from the root down, each before those that give it rows. */
record PlanSteps(List<Step> steps) {
  PlanSteps {
    steps = List.copyOf(steps);
  }

  /**
   * One operator.
   *
   * @param depth under the root
   * @param text without an end of line
   * @param estimate of its rows; 0 where none was asked for
   */
  private record Step(int depth, String text, double estimate) {}

  /**
   * The steps of a plan.
   *
   * @param estimated whether their rows are estimated
   */
  static PlanSteps of(RelNode root, boolean estimated) {
    List<Step> steps = new ArrayList<>();
    root.explain(new Listing(steps, estimated));
    return new PlanSteps(steps);
  }

  private static final class Listing extends RelWriterImpl {
    private final List<Step> steps;
    private final boolean estimated;
    private int depth;

    Listing(List<Step> steps, boolean estimated) {
      super(new PrintWriter(Writer.nullWriter()));
      this.steps = steps;
      this.estimated = estimated;
    }

    @Override
    protected void explain_(RelNode rel, List<Pair<String, @Nullable Object>> values) {
      String terms =
          values.stream()
              .filter(value -> !(value.right instanceof RelNode))
              .map(value -> value.left + "=[" + value.right + "]")
              .collect(Collectors.joining(", "));
      String text = rel.getRelTypeName() + (terms.isEmpty() ? "" : "(" + terms + ")");
      steps.add(new Step(depth, text, estimated ? RelSize.of(rel).rows() : 0));
      depth++;
      rel.getInputs().forEach(input -> input.explain(this));
      depth--;
    }
  }

  int count() {
    return steps.size();
  }

  String text() {
    return steps.stream().map(PlanSteps::line).collect(Collectors.joining("\n"));
  }

  private static String line(Step step) {
    return "  ".repeat(step.depth) + step.text;
  }

  /** With what an execution has counted. */
  String text(StepCounts counts) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      String counted =
          counts.runs(i) == 0
              ? "never run"
              : "actual rows="
                  + counts.rows(i)
                  + (counts.runs(i) == 1 ? "" : ", runs=" + counts.runs(i))
                  + ", time="
                  + Explained.time(nanos(i, counts));
      lines.add(
          line(step) + " (estimated rows=" + Math.round(step.estimate) + ", " + counted + ")");
    }
    return String.join("\n", lines);
  }

  /** With the steps that it gets its rows from: those below it. */
  private long nanos(int step, StepCounts counts) {
    long nanos = counts.nanos(step);
    for (int i = step + 1; i < steps.size() && steps.get(i).depth > steps.get(step).depth; i++) {
      nanos += counts.nanos(i);
    }
    return nanos;
  }
}
