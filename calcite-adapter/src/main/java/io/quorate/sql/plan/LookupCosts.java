package io.quorate.sql.plan;

/**
 * When joins look rows up instead of reading all.
 *
 * @param always whether wherever they can, whatever it costs
 * @param patience how many times the cost of reading all they may cost before the rest of them is
 *     read
 */
record LookupCosts(boolean always, double patience) {
  static final LookupCosts STANDARD = new LookupCosts(false, 1);
}
