package io.quorate.sql.plan;

import io.quorate.sql.catalog.Authority;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ObjectKey;
import io.quorate.sql.catalog.Privilege;
import io.quorate.sql.lang.SqlFailure;
import java.util.List;

/** Something that a user must be allowed so that a statement may run. Immutable. */
sealed interface Need {

  /**
   * Refuses who is not allowed it.
   *
   * @throws SqlFailure {@link SqlFailure.State#INSUFFICIENT_PRIVILEGE}
   */
  void check(Catalog catalog, Authority session);

  /**
   * To be an administrator.
   *
   * @param what as in "CREATE ROLE"
   */
  record Administrator(String what) implements Need {
    @Override
    public void check(Catalog catalog, Authority session) {
      session.requireUnrestricted(what);
    }
  }

  /** To be the user that a statement is about, or an administrator. */
  record Self(String name) implements Need {
    @Override
    public void check(Catalog catalog, Authority session) {
      if (!session.isUser(name)) {
        session.requireUnrestricted("ALTER USER of somebody else");
      }
    }
  }

  /**
   * To own something.
   *
   * @param shown as in {@code table "PUBLIC.T"}
   */
  record Owner(ObjectKey object, String shown) implements Need {
    @Override
    public void check(Catalog catalog, Authority session) {
      if (!session.owns(object)) {
        throw session.denied("it does not own " + shown);
      }
    }
  }

  /** To have a privilege for the whole of something. */
  record Whole(ObjectKey object, String shown, Privilege privilege) implements Need {
    @Override
    public void check(Catalog catalog, Authority session) {
      if (!session.has(object, privilege, "")) {
        throw session.denied("it has no " + privilege + " on " + shown);
      }
    }
  }

  /** To have a privilege for some columns; for any column at all where none is named. */
  record Columns(ObjectKey object, String shown, Privilege privilege, List<String> columns)
      implements Need {
    public Columns {
      columns = List.copyOf(columns);
    }

    @Override
    public void check(Catalog catalog, Authority session) {
      if (!session.hasSome(object, privilege)) {
        throw session.denied("it has no " + privilege + " on " + shown);
      }
      for (String column : columns) {
        if (!session.has(object, privilege, column)) {
          throw session.denied(
              "it has no " + privilege + " on column \"" + column + "\" of " + shown);
        }
      }
    }
  }

  /**
   * What the owner of a view must be allowed, for it is on its behalf that others read the view.
   *
   * @param owner who may not do everything
   */
  record OfOwner(String owner, Need need) implements Need {
    @Override
    public void check(Catalog catalog, Authority session) {
      need.check(catalog, Authority.of(catalog, owner));
    }
  }
}
