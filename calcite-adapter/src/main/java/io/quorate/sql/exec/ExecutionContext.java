package io.quorate.sql.exec;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowLocks;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one execution reads and obeys.
 *
 * @param view the rows; stays open as long as the cursor that reads it
 * @param catalog of that view, and the one that the plan was made for
 * @param parameters the values of the question marks, converted by the plan to their types
 * @param commitToken what LAST_COMMIT_TOKEN() is
 * @param now the statement's time: CURRENT_TIMESTAMP and its like
 * @param random the statement's chance: RAND() and hidden keys
 * @param system the rows of the SYSTEM schema
 * @param memoryBytesMax what the operators may keep together
 * @param sequences the values of sequences and identity columns, for statements that take some
 * @param locks for statements that lock what they read
 */
public record ExecutionContext(
    ReadView view,
    Catalog catalog,
    List<@Nullable Object> parameters,
    String user,
    Supplier<String> commitToken,
    Instant now,
    RandomGenerator random,
    SystemTables system,
    long memoryBytesMax,
    CancelFlag cancel,
    SequenceValues sequences,
    RowLocks locks) {

  /** For a statement that takes no values of sequences. */
  public ExecutionContext(
      ReadView view,
      Catalog catalog,
      List<@Nullable Object> parameters,
      String user,
      Supplier<String> commitToken,
      Instant now,
      RandomGenerator random,
      SystemTables system,
      long memoryBytesMax,
      CancelFlag cancel) {
    this(
        view,
        catalog,
        parameters,
        user,
        commitToken,
        now,
        random,
        system,
        memoryBytesMax,
        cancel,
        SequenceValues.NONE,
        RowLocks.NONE);
  }

  /** The same for a statement that may lock what it reads. */
  public ExecutionContext with(RowLocks rowLocks) {
    return new ExecutionContext(
        view,
        catalog,
        parameters,
        user,
        commitToken,
        now,
        random,
        system,
        memoryBytesMax,
        cancel,
        sequences,
        rowLocks);
  }

  /** The same for a statement that may take values of sequences. */
  public ExecutionContext with(SequenceValues values) {
    return new ExecutionContext(
        view,
        catalog,
        parameters,
        user,
        commitToken,
        now,
        random,
        system,
        memoryBytesMax,
        cancel,
        values,
        locks);
  }

  /** The same with other values of parameters. */
  public ExecutionContext with(List<@Nullable Object> values) {
    return new ExecutionContext(
        view,
        catalog,
        values,
        user,
        commitToken,
        now,
        random,
        system,
        memoryBytesMax,
        cancel,
        sequences,
        locks);
  }
}
