package io.quorate.sql.catalog;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What may be granted. */
public enum Privilege {
  SELECT(1, true),
  INSERT(2, true),
  UPDATE(3, true),
  DELETE(4, false),
  /** To refer to a table by foreign keys. */
  REFERENCES(5, true),
  /** Recorded as the standard has it; there are no triggers yet. */
  TRIGGER(6, false),
  /** To name what is in a schema, to take values of a sequence. */
  USAGE(7, false),
  /** To make something in a schema. */
  CREATE(8, false);

  private final int number;
  private final boolean ofColumns;

  Privilege(int number, boolean ofColumns) {
    this.number = number;
    this.ofColumns = ofColumns;
  }

  /** What has privileges. */
  public enum Kind {
    /** A table or a view. */
    TABLE("table"),
    SEQUENCE("sequence"),
    SCHEMA("schema");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** All that there is for it, in order. */
    Set<Privilege> privileges() {
      return switch (this) {
        case TABLE -> EnumSet.range(SELECT, TRIGGER);
        case SEQUENCE -> EnumSet.of(USAGE);
        case SCHEMA -> EnumSet.of(USAGE, CREATE);
      };
    }

    public String word() {
      return word;
    }
  }

  /** In the rows of the catalog; never given another meaning. */
  int number() {
    return number;
  }

  static Optional<Privilege> numbered(int number) {
    return Arrays.stream(values()).filter(each -> each.number == number).findFirst();
  }

  /** Whether it may be granted for some columns only. */
  boolean isOfColumns() {
    return ofColumns;
  }
}
