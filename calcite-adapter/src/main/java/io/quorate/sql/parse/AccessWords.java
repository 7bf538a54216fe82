package io.quorate.sql.parse;

import io.quorate.sql.catalog.Grants;
import io.quorate.sql.catalog.Privilege;
import io.quorate.sql.catalog.Roles;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The words of a GRANT or REVOKE as they come. Confined to the parser. */
final class AccessWords {
  private final List<Grants.Item> items = new ArrayList<>();
  private final List<ObjectName> objects = new ArrayList<>();
  private final List<String> grantees = new ArrayList<>();
  private Privilege.@Nullable Kind kind;
  private boolean all;
  private @Nullable String grantOption;
  private @Nullable String grantor;

  void all() {
    all = true;
  }

  /** A privilege, or a role. */
  void item(String name, SqlNodeList columns) {
    items.add(new Grants.Item(name, SqlIdentifier.simpleNames(columns)));
  }

  void object(Privilege.Kind what, SqlIdentifier name) {
    kind = what;
    objects.add(
        what == Privilege.Kind.SCHEMA
            ? new ObjectName(null, ObjectName.ofSchema(name))
            : ObjectName.of(name));
  }

  void grantee(SqlIdentifier name) {
    if (!grantees.contains(name.getSimple())) {
      grantees.add(name.getSimple());
    }
  }

  /**
   * What is given too, or taken alone.
   *
   * @param word GRANT or ADMIN
   */
  void option(String word) {
    grantOption = word;
  }

  /** GRANTED BY; without a name the user itself. */
  void grantor(SqlIdentifier name) {
    grantor = name.getSimple();
  }

  Statement grant(SqlParserPos at) {
    return new Statement.OfAccess(
        kind == null
            ? new AccessStatement.GrantRoles(membership(at), grantor)
            : new AccessStatement.Grant(clause(kind, at)));
  }

  Statement revoke(boolean cascade, SqlParserPos at) {
    return new Statement.OfAccess(
        kind == null
            ? new AccessStatement.RevokeRoles(membership(at), grantor)
            : new AccessStatement.Revoke(clause(kind, at), cascade));
  }

  private AccessStatement.Clause clause(Privilege.Kind of, SqlParserPos at) {
    requireOption("GRANT", at);
    return new AccessStatement.Clause(items, of, objects, grantees, grantOption != null, grantor);
  }

  private Roles.Membership membership(SqlParserPos at) {
    requireOption("ADMIN", at);
    if (all || items.stream().anyMatch(item -> !item.columns().isEmpty())) {
      throw new SqlFailure(
          State.SYNTAX_ERROR, SyntaxErrors.at(at) + "privileges want ON and an object behind them");
    }
    return new Roles.Membership(
        items.stream().map(Grants.Item::privilege).toList(), grantees, grantOption != null);
  }

  private void requireOption(String word, SqlParserPos at) {
    if (grantOption != null && !grantOption.equals(word)) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(at)
              + "privileges have a GRANT OPTION and roles an ADMIN OPTION, not a "
              + grantOption
              + " OPTION");
    }
  }
}
