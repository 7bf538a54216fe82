package io.quorate.driver;

import java.sql.Statement;
import java.util.Optional;

/**
 * What a statement of this driver can tell beyond JDBC; by {@code
 * statement.unwrap(QuorateStatement.class)}, for plain and prepared statements alike.
 */
public interface QuorateStatement extends Statement {
  /**
   * Which node gave the last answer to this statement, and how fresh it was; empty before the first
   * one and after a failure. Rows that are fetched later belong to the same receipt. Does not block
   * and asks nobody. To be called by the thread that runs the statement.
   */
  Optional<Receipt> receipt();
}
