package io.quorate.sql.catalog;

/**
 * A sequence. Another counter makes it begin anew: what was reserved of the one before is gone.
 *
 * @param id stays, whatever else is altered
 * @param first the value that is given first by this counter
 */
public record SequenceDef(
    int id, String schema, String name, SequenceOptions options, int counter, long first)
    implements SequenceGenerator {

  /** How many values are given before it has come to its end for the first time. */
  private long firstRun() {
    long end = options.increment() > 0 ? options.max() : options.min();
    return SequenceGenerator.count(first, end, options.increment());
  }

  @Override
  public long total() {
    return options.cycle() ? Long.MAX_VALUE : firstRun();
  }

  @Override
  public long value(long before) {
    long run = firstRun();
    if (before < run) {
      return first + before * options.increment();
    }
    boolean upwards = options.increment() > 0;
    long from = upwards ? options.min() : options.max();
    long to = upwards ? options.max() : options.min();
    long round = SequenceGenerator.count(from, to, options.increment());
    return from + (before - run) % round * options.increment();
  }

  @Override
  public long cache() {
    return options.cache();
  }

  @Override
  public String described() {
    return "sequence " + Definitions.named(schema, name);
  }

  /** The same sequence under another name. */
  SequenceDef named(String newSchema, String newName) {
    return new SequenceDef(id, newSchema, newName, options, counter, first);
  }

  String nextValue() {
    return nextValue(schema, name);
  }

  /** How the DEFAULT of a column takes a value, whatever the schema of the session. */
  public static String nextValue(String schema, String name) {
    return "NEXT VALUE FOR " + quoted(schema) + "." + quoted(name);
  }

  private static String quoted(String part) {
    return '"' + part.replace("\"", "\"\"") + '"';
  }
}
