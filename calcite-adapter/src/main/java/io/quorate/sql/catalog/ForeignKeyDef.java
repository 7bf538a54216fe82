package io.quorate.sql.catalog;

import java.util.List;

/**
 * A FOREIGN KEY constraint: rows whose columns have values name a row of another table, or of their
 * own, by a unique key of it.
 *
 * @param name within its schema, among constraints and indexes
 * @param columns ordinals of the columns that refer, as they were written
 * @param table id of the table that they refer to
 * @param referenced ordinals of its columns, one for each of {@code columns}
 * @param full MATCH FULL: either none of the columns is NULL, or all are
 */
public record ForeignKeyDef(
    String name,
    List<Integer> columns,
    int table,
    List<Integer> referenced,
    boolean full,
    Action onDelete,
    Action onUpdate) {

  public ForeignKeyDef {
    columns = List.copyOf(columns);
    referenced = List.copyOf(referenced);
  }

  /** The same of columns that have other ordinals now. */
  ForeignKeyDef withColumns(List<Integer> replacement) {
    return new ForeignKeyDef(name, replacement, table, referenced, full, onDelete, onUpdate);
  }

  /** The same to a table that has another id now, or whose columns have other ordinals. */
  ForeignKeyDef to(int id, List<Integer> ordinals) {
    return new ForeignKeyDef(name, columns, id, ordinals, full, onDelete, onUpdate);
  }

  /**
   * What becomes of the rows that refer when the key they name goes. Numbers are stored, and never
   * used for something else.
   */
  public enum Action {
    NO_ACTION(0, "NO ACTION"),
    RESTRICT(1, "RESTRICT"),
    CASCADE(2, "CASCADE"),
    SET_NULL(3, "SET NULL"),
    SET_DEFAULT(4, "SET DEFAULT");

    private final int number;
    private final String sql;

    Action(int number, String sql) {
      this.number = number;
      this.sql = sql;
    }

    int number() {
      return number;
    }

    /** As SQL writes it. */
    public String sql() {
      return sql;
    }

    /** Whether it gives the columns that refer other values when a row is deleted. */
    boolean sets() {
      return this == SET_NULL || this == SET_DEFAULT;
    }

    static Action of(int number) {
      for (Action action : values()) {
        if (action.number == number) {
          return action;
        }
      }
      throw new IllegalStateException("damaged catalog: action " + number);
    }
  }
}
