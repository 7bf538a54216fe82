package io.quorate.sql.parse;

import io.quorate.sql.catalog.Comments;
import io.quorate.sql.catalog.Renames;
import io.quorate.sql.catalog.SequenceOptions.Said;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement about what a schema holds beside tables, or about the name of something. */
public sealed interface ObjectStatement {

  <R> R match(Cases<R> cases);

  /**
   * CREATE VIEW.
   *
   * @param columns empty where the query says them
   * @param sql the query, as it was written
   */
  record CreateView(
      ObjectName name, boolean orReplace, boolean ifNotExists, List<String> columns, String sql)
      implements ObjectStatement {
    public CreateView {
      columns = List.copyOf(columns);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createView(this);
    }
  }

  /**
   * DROP VIEW.
   *
   * @param cascade whether the views on it go too
   */
  record DropView(ObjectName name, boolean ifExists, boolean cascade) implements ObjectStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.dropView(this);
    }
  }

  /** CREATE SEQUENCE. */
  record CreateSequence(ObjectName name, boolean ifNotExists, Said said)
      implements ObjectStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createSequence(this);
    }
  }

  /** ALTER SEQUENCE. */
  record AlterSequence(ObjectName name, boolean ifExists, Said said) implements ObjectStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.alterSequence(this);
    }
  }

  /**
   * ALTER ... RENAME TO.
   *
   * @param name of a schema it is a name without one
   */
  record Rename(Renames.Kind kind, ObjectName name, boolean ifExists, String to)
      implements ObjectStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.rename(this);
    }
  }

  /**
   * DROP SEQUENCE.
   *
   * @param cascade whether what uses it stops doing so
   */
  record DropSequence(ObjectName name, boolean ifExists, boolean cascade)
      implements ObjectStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.dropSequence(this);
    }
  }

  /**
   * COMMENT ON.
   *
   * @param name of a schema it is a name without one
   * @param column empty for all but columns
   * @param text null takes it away
   */
  record Comment(Comments.Kind kind, ObjectName name, String column, @Nullable String text)
      implements ObjectStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.comment(this);
    }
  }

  /** What to do with each. */
  interface Cases<R> {
    R createView(CreateView statement);

    R dropView(DropView statement);

    R createSequence(CreateSequence statement);

    R alterSequence(AlterSequence statement);

    R rename(Rename statement);

    R comment(Comment statement);

    R dropSequence(DropSequence statement);
  }
}
