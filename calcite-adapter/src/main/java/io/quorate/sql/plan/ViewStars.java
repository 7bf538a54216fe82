package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.SqlText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * The stars of a query's lists, each with the columns that it stands for: a view keeps those it had
 * when it was made. They are put into the text that was written, which stays as it is otherwise.
 */
final class ViewStars {
  /** In the order of the text. */
  private final List<SqlParserPos> places;

  private ViewStars(List<SqlParserPos> places) {
    this.places = places;
  }

  /** Those of a query that is not validated yet. */
  static ViewStars in(SqlNode query) {
    List<SqlParserPos> places = new ArrayList<>();
    query.accept(
        new Lists() {
          @Override
          void item(SqlNode item) {
            if (item instanceof SqlIdentifier name && name.isStar()) {
              places.add(name.getParserPosition());
            }
          }
        });
    return new ViewStars(places);
  }

  /**
   * The text with the columns in the place of each star.
   *
   * @param validated the same query afterwards, whose lists name them
   */
  String spelledOut(String sql, SqlNode validated) {
    Map<String, List<SqlNode>> columns = new LinkedHashMap<>();
    places.forEach(place -> columns.put(key(place), new ArrayList<>()));
    validated.accept(
        new Lists() {
          @Override
          void item(SqlNode item) {
            SqlNode value = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
            List<SqlNode> ofStar = columns.get(key(value.getParserPosition()));
            if (ofStar != null) {
              ofStar.add(item);
            }
          }
        });
    List<SqlParserPos> fromTheEnd = new ArrayList<>(places);
    Collections.reverse(fromTheEnd);
    String text = sql;
    for (SqlParserPos place : fromTheEnd) {
      text =
          SqlText.of(text).replace(place, list(columns.getOrDefault(key(place), List.of()), place));
    }
    return text;
  }

  /** Where it begins. */
  private static String key(SqlParserPos place) {
    return place.getLineNum() + ":" + place.getColumnNum();
  }

  private static String list(List<SqlNode> columns, SqlParserPos place) {
    if (columns.isEmpty()) {
      throw cannot(place);
    }
    return columns.stream().map(column -> text(column, place)).collect(Collectors.joining(", "));
  }

  private static String text(SqlNode column, SqlParserPos place) {
    if (column instanceof SqlIdentifier name) {
      return name.names.stream()
          .map(part -> '"' + part.replace("\"", "\"\"") + '"')
          .collect(Collectors.joining("."));
    }
    if (column instanceof SqlBasicCall call && call.getKind() == SqlKind.AS) {
      return text(call.operand(0), place) + " AS " + text(call.operand(1), place);
    }
    throw cannot(place);
  }

  private static SqlFailure cannot(SqlParserPos place) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        "line "
            + place.getLineNum()
            + ", column "
            + place.getColumnNum()
            + " of its query: this star cannot be kept in a view; name the columns");
  }

  /** Meets what stands in the list of each SELECT. */
  private abstract static class Lists extends SqlBasicVisitor<Void> {
    abstract void item(SqlNode item);

    @Override
    public Void visit(SqlCall call) {
      if (call instanceof SqlSelect select) {
        select.getSelectList().forEach(this::item);
      }
      return super.visit(call);
    }
  }
}
