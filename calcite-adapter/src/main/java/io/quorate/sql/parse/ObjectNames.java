package io.quorate.sql.parse;

import io.quorate.sql.catalog.Comments;
import io.quorate.sql.catalog.Renames;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** What the name in a COMMENT or a RENAME is the name of. */
final class ObjectNames {
  private ObjectNames() {}

  private static ObjectName schema(SqlIdentifier name) {
    return new ObjectName(null, ObjectName.ofSchema(name));
  }

  static Statement rename(Renames.Kind kind, SqlIdentifier name, boolean ifExists, String to) {
    ObjectName renamed = kind == Renames.Kind.SCHEMA ? schema(name) : ObjectName.of(name);
    return new Statement.OfObject(new ObjectStatement.Rename(kind, renamed, ifExists, to));
  }

  static ObjectStatement comment(Comments.Kind kind, SqlIdentifier name, @Nullable String text) {
    if (kind == Comments.Kind.SCHEMA) {
      return new ObjectStatement.Comment(kind, schema(name), "", text);
    }
    if (kind != Comments.Kind.COLUMN) {
      return new ObjectStatement.Comment(kind, ObjectName.of(name), "", text);
    }
    List<String> parts = name.names;
    int last = parts.size() - 1;
    if (last == 0) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(name.getParserPosition())
              + "the column "
              + name
              + " needs the name of its table, and a dot, before it");
    }
    ObjectName table = ObjectName.of(name.getComponent(0, last));
    return new ObjectStatement.Comment(kind, table, parts.get(last), text);
  }
}
