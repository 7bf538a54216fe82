package io.quorate.sql.plan;

import org.apache.calcite.rex.RexBuilder;

/** The one builder of expressions; keeps nothing. */
final class Rex {
  static final RexBuilder BUILDER = new RexBuilder(Types.FACTORY);

  private Rex() {}
}
