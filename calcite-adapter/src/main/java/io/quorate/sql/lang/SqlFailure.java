package io.quorate.sql.lang;

/**
 * A statement that cannot run, for a reason that its author can act upon. Immutable.
 *
 * <p>The SQLState says which of the standard's or PostgreSQL's conditions it is; the message is one
 * line that names the thing and its value.
 */
public final class SqlFailure extends RuntimeException {
  private final State state;

  public SqlFailure(State state, String message) {
    super(message);
    this.state = state;
  }

  public SqlFailure(State state, String message, Throwable cause) {
    super(message, cause);
    this.state = state;
  }

  public State state() {
    return state;
  }

  /** The conditions that this adapter raises, with their SQLStates. */
  public enum State {
    NOT_SUPPORTED("0A000"),
    CARDINALITY_VIOLATION("21000"),
    STRING_TOO_LONG("22001"),
    NUMBER_OUT_OF_RANGE("22003"),
    INVALID_DATETIME("22007"),
    /** A date or a time that is beyond what its type can hold. */
    DATETIME_OVERFLOW("22008"),
    /** A SUBSTRING of less than no characters. */
    SUBSTRING_ERROR("22011"),
    /** A sequence or an identity column has given its last value. */
    SEQUENCE_EXHAUSTED("2200H"),
    DIVISION_BY_ZERO("22012"),
    /** An interval with more digits than its first field can have. */
    INTERVAL_OVERFLOW("22015"),
    INVALID_TEXT("22P02"),
    /** A key that goes while rows refer to it by ON DELETE or ON UPDATE RESTRICT. */
    RESTRICT_VIOLATION("23001"),
    NOT_NULL_VIOLATION("23502"),
    FOREIGN_KEY_VIOLATION("23503"),
    UNIQUE_VIOLATION("23505"),
    CHECK_VIOLATION("23514"),
    /** The user has not the privilege, or does not own what it would change. */
    INSUFFICIENT_PRIVILEGE("42501"),
    /** A role that would be a member of itself, or a grant to whom it cannot be made. */
    INVALID_GRANT("0LP01"),
    SYNTAX_ERROR("42601"),
    AMBIGUOUS_COLUMN("42702"),
    /** An aggregate where there are no rows to aggregate. */
    GROUPING_ERROR("42803"),
    /** A value for a column that is GENERATED ALWAYS. */
    GENERATED_ALWAYS("428C9"),
    /** A foreign key to columns that are no key. */
    INVALID_FOREIGN_KEY("42830"),
    COLUMN_NOT_FOUND("42703"),
    DUPLICATE_COLUMN("42701"),
    UNKNOWN_FUNCTION("42883"),
    TYPE_MISMATCH("42804"),
    TABLE_NOT_FOUND("42P01"),
    INVALID_TABLE("42P16"),
    /** What has the name is something else: a view where a table is meant, for example. */
    WRONG_OBJECT("42809"),
    TABLE_EXISTS("42P07"),
    SCHEMA_NOT_FOUND("3F000"),
    SCHEMA_EXISTS("42P06"),
    /** What is to be dropped still holds, or is used by, something else. */
    DEPENDENT_OBJECTS("2BP01"),
    OBJECT_NOT_FOUND("42704"),
    OBJECT_EXISTS("42710"),
    INVALID_PARAMETER("22023"),
    OUT_OF_MEMORY("53200"),
    /** The session has taken no value of the sequence. */
    NO_CURRENT_VALUE("55000"),
    LIMIT_EXCEEDED("54000"),
    CANCELLED("57014"),
    INTERNAL_ERROR("XX000");

    private final String sqlState;

    State(String sqlState) {
      this.sqlState = sqlState;
    }

    public String sqlState() {
      return sqlState;
    }
  }
}
