package io.quorate.driver;

/**
 * Every failure a client can meet: its SQLState, its number, and whether trying again is safe.
 *
 * <p>Immutable. The numbers are vendor codes of {@link java.sql.SQLException} and are never reused;
 * those below 10000 are left to the cluster's administrative refusals.
 */
public enum ErrorCode {
  /** The cluster has no leader, or none was reached before the deadline; nothing was proposed. */
  NO_LEADER("08006", 10001, RetryAdvice.SAFE),
  /** No node of the cluster could be reached. */
  CONNECTION_FAILED("08001", 10002, RetryAdvice.SAFE),
  /** The connection, the statement or the result is closed. */
  CONNECTION_CLOSED("08003", 10003, RetryAdvice.NEVER),
  /** The other side says what the protocol does not allow. */
  PROTOCOL_VIOLATION("08P01", 10004, RetryAdvice.NEVER),
  /** The node that held the rows, or was to answer a read, is gone. */
  CONNECTION_LOST("08000", 10005, RetryAdvice.SAFE),

  /** The node reaches too few voters for there to be a leader on its side; nothing was done. */
  NO_QUORUM("08006", 10007, RetryAdvice.SAFE),

  /** The node speaks TLS only, and the client did not. */
  TLS_REQUIRED("28000", 10006, RetryAdvice.NEVER),

  /** A query that may give one row gave more. */
  CARDINALITY_VIOLATION("21000", 10111, RetryAdvice.NEVER),
  STRING_TOO_LONG("22001", 10112, RetryAdvice.NEVER),
  NUMBER_OUT_OF_RANGE("22003", 10113, RetryAdvice.NEVER),
  INVALID_DATETIME("22007", 10114, RetryAdvice.NEVER),
  DIVISION_BY_ZERO("22012", 10115, RetryAdvice.NEVER),
  INVALID_PARAMETER("22023", 10116, RetryAdvice.NEVER),
  /** A text that does not read as a value of the type that is asked for. */
  INVALID_TEXT("22P02", 10117, RetryAdvice.NEVER),
  /** A sequence or an identity column has given its last value. */
  SEQUENCE_EXHAUSTED("2200H", 10118, RetryAdvice.NEVER),
  /** A SUBSTRING of less than no characters. */
  SUBSTRING_ERROR("22011", 10119, RetryAdvice.NEVER),
  /** A date or a time that is beyond what its type can hold. */
  DATETIME_OVERFLOW("22008", 10120, RetryAdvice.NEVER),
  /** An interval with more digits than its first field can have. */
  INTERVAL_OVERFLOW("22015", 10121, RetryAdvice.NEVER),

  NOT_NULL_VIOLATION("23502", 10101, RetryAdvice.NEVER),
  UNIQUE_VIOLATION("23505", 10102, RetryAdvice.NEVER),
  /** A row for which the condition of a CHECK is false. */
  CHECK_VIOLATION("23514", 10103, RetryAdvice.NEVER),
  /** A row that refers to none, or one that goes and is still referred to. */
  FOREIGN_KEY_VIOLATION("23503", 10104, RetryAdvice.NEVER),
  /** The same, by a foreign key that says RESTRICT. */
  RESTRICT_VIOLATION("23001", 10105, RetryAdvice.NEVER),

  /** A write in a transaction that only reads. */
  READ_ONLY_TRANSACTION("25006", 10203, RetryAdvice.NEVER),
  /** A statement that this state of the transaction does not allow. */
  INVALID_TRANSACTION_STATE("25000", 10204, RetryAdvice.NEVER),
  /** A statement that only an open transaction allows. */
  NO_TRANSACTION("25P01", 10208, RetryAdvice.NEVER),
  /** The open transaction has no savepoint of the name. */
  SAVEPOINT_NOT_FOUND("3B001", 10209, RetryAdvice.NEVER),
  /** CURRVAL of a sequence that the session has taken no value of. */
  NO_CURRENT_VALUE("55000", 10215, RetryAdvice.NEVER),
  /** The write was done, at an earlier time, and the keys of its rows are not remembered. */
  KEYS_UNKNOWN("55000", 10210, RetryAdvice.NEVER),
  /** A statement of this transaction failed; it can only be rolled back. */
  TRANSACTION_FAILED("25P02", 10205, RetryAdvice.WHOLE_TRANSACTION),
  /** The rows are locked by another transaction for longer than this one waits. */
  LOCK_TIMEOUT("55P03", 10206, RetryAdvice.WHOLE_TRANSACTION),

  /** Another transaction committed first what this one had read or wanted to write. */
  WRITE_CONFLICT("40001", 10201, RetryAdvice.WHOLE_TRANSACTION),
  /** The write was proposed and the answer was lost: it may have committed, or still commit. */
  OUTCOME_UNKNOWN("40003", 10202, RetryAdvice.SAME_REQUEST),
  /** The node that held the transaction is gone; nothing of it was done. */
  TRANSACTION_LOST("40001", 10207, RetryAdvice.WHOLE_TRANSACTION),

  /** The user is not known, or the password is wrong; which of them is not told. */
  AUTHENTICATION_FAILED("28000", 10350, RetryAdvice.NEVER),

  /** The user has not the privilege, or does not own what it would change. */
  INSUFFICIENT_PRIVILEGE("42501", 10351, RetryAdvice.NEVER),
  /** A role that would be a member of itself, or a grant to whom it cannot be made. */
  INVALID_GRANT("0LP01", 10352, RetryAdvice.NEVER),

  SYNTAX_ERROR("42601", 10301, RetryAdvice.NEVER),
  TABLE_NOT_FOUND("42P01", 10302, RetryAdvice.NEVER),
  TABLE_EXISTS("42P07", 10303, RetryAdvice.NEVER),
  /** A table cannot be as it is asked for: a key column that may be NULL, for example. */
  INVALID_TABLE("42P16", 10315, RetryAdvice.NEVER),
  /** What has the name is something else: a view where a table is meant, for example. */
  WRONG_OBJECT("42809", 10320, RetryAdvice.NEVER),
  COLUMN_NOT_FOUND("42703", 10304, RetryAdvice.NEVER),
  DUPLICATE_COLUMN("42701", 10305, RetryAdvice.NEVER),
  AMBIGUOUS_COLUMN("42702", 10306, RetryAdvice.NEVER),
  UNKNOWN_FUNCTION("42883", 10307, RetryAdvice.NEVER),
  TYPE_MISMATCH("42804", 10308, RetryAdvice.NEVER),
  SCHEMA_NOT_FOUND("3F000", 10309, RetryAdvice.NEVER),
  SCHEMA_EXISTS("42P06", 10310, RetryAdvice.NEVER),
  OBJECT_NOT_FOUND("42704", 10311, RetryAdvice.NEVER),
  OBJECT_EXISTS("42710", 10312, RetryAdvice.NEVER),
  /** What is to be dropped still holds, or is used by, something else. */
  DEPENDENT_OBJECTS("2BP01", 10313, RetryAdvice.NEVER),
  /** A value for a column that is GENERATED ALWAYS. */
  GENERATED_ALWAYS("428C9", 10314, RetryAdvice.NEVER),
  /** A foreign key to columns that are no key. */
  INVALID_FOREIGN_KEY("42830", 10316, RetryAdvice.NEVER),
  /** An aggregate where there are no rows to aggregate. */
  GROUPING_ERROR("42803", 10317, RetryAdvice.NEVER),

  /** A queue or a pool is full: the node refused the request before doing anything for it. */
  OVERLOADED("53000", 10401, RetryAdvice.SAFE),
  /** This node has no room to store more; another one may. */
  STORAGE_FULL("53100", 10402, RetryAdvice.OTHER_NODE),
  /** The statement needs more memory than one may have. */
  OUT_OF_MEMORY("53200", 10403, RetryAdvice.NEVER),
  /** The request is larger than a bound; it has to change before it can succeed. */
  LIMIT_EXCEEDED("54000", 10501, RetryAdvice.NEVER),

  /** Cancelled, or timed out, before anything was proposed. */
  CANCELLED("57014", 10601, RetryAdvice.SAFE),
  /** This replica is further behind than the session allows; another one may not be. */
  REPLICA_LAGGING("57P03", 10602, RetryAdvice.OTHER_NODE),
  /** The rows are on other nodes: this one is a witness. */
  ROWS_ELSEWHERE("57P03", 10603, RetryAdvice.OTHER_NODE),
  /** Some rows of this node are not those of the others; it shows none until it has theirs. */
  REPLICA_DIVERGED("57P03", 10604, RetryAdvice.OTHER_NODE),
  /** The node is in mode admin, and stays so until its operator gives it a role. */
  MAINTENANCE("55000", 2006, RetryAdvice.NEVER),

  /** A statement or transaction has read for so long that its rows are no longer kept. */
  SNAPSHOT_TOO_OLD("72000", 10211, RetryAdvice.WHOLE_TRANSACTION),

  /** The version at hand does not do it. */
  NOT_SUPPORTED("0A000", 10801, RetryAdvice.NEVER),

  /** A file or directory of the node cannot be used. */
  IO_ERROR("58030", 10701, RetryAdvice.OTHER_NODE),

  /** No such variable of a node. The numbers of administration, from here on, are Infinity's. */
  VARIABLE_NOT_FOUND("42704", 3027, RetryAdvice.NEVER),

  /** A variable of the cluster cannot have the value. */
  INVALID_VARIABLE("22023", 3028, RetryAdvice.NEVER),

  /** A variable that is shown, and changed in another way or not at all. */
  READ_ONLY_VARIABLE("55P02", 3029, RetryAdvice.NEVER),

  /** The node belongs to no cluster, which the request needs. */
  NOT_IN_CLUSTER("55000", 3032, RetryAdvice.NEVER),

  INVALID_JSON("22032", 3067, RetryAdvice.NEVER),

  /** A request lacks a field, or it is of another type. */
  FIELD_REQUIRED("22023", 3076, RetryAdvice.NEVER),

  /** The address of a node that a request names is none, or this node's own. */
  INVALID_NODE_ADDRESS("22023", 7016, RetryAdvice.NEVER),

  /** A node that the request is about does not answer. */
  NODE_UNREACHABLE("55000", 7018, RetryAdvice.NEVER),

  NODE_NOT_FOUND("42704", 7019, RetryAdvice.NEVER),
  DUPLICATE_NODE("42710", 7020, RetryAdvice.NEVER),

  /** A node that wants to become a member reaches no leader. */
  LEADER_UNREACHABLE("08001", 7021, RetryAdvice.SAFE),

  /** The node belonged to the cluster, which does not know it any more. */
  NODE_NOT_REGISTERED("55000", 7025, RetryAdvice.NEVER),

  /** The node must not get a vote or the leadership: it has not all that was acknowledged. */
  CANNOT_LEAD("55000", 7026, RetryAdvice.NEVER),

  TOO_MANY_FOLLOWERS("54000", 7027, RetryAdvice.NEVER),
  TOO_MANY_LEARNERS("54000", 7028, RetryAdvice.NEVER),

  /** The membership must not be changed like that, or not by this node. */
  INVALID_ROLE_CHANGE("55000", 8007, RetryAdvice.NEVER),

  INTERNAL_ERROR("XX000", 10901, RetryAdvice.NEVER),
  DATA_CORRUPTED("XX001", 10902, RetryAdvice.NEVER);

  /** What a caller may do with the same request after a failure. */
  public enum RetryAdvice {
    /** Do not repeat it unchanged. */
    NEVER,
    /** Repeat it as it is; the first attempt had no effect. */
    SAFE,
    /** Repeat it on another node; the first attempt had no effect. */
    OTHER_NODE,
    /** Repeat it under the same request id only, which tells the outcome of the first attempt. */
    SAME_REQUEST,
    /** Begin the whole transaction again. */
    WHOLE_TRANSACTION
  }

  private final String sqlState;
  private final int number;
  private final RetryAdvice retryAdvice;

  ErrorCode(String sqlState, int number, RetryAdvice retryAdvice) {
    this.sqlState = sqlState;
    this.number = number;
    this.retryAdvice = retryAdvice;
  }

  public String sqlState() {
    return sqlState;
  }

  public int number() {
    return number;
  }

  public RetryAdvice retryAdvice() {
    return retryAdvice;
  }
}
