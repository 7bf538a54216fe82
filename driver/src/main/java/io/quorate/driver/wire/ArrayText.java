package io.quorate.driver.wire;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Arrays as PostgreSQL writes them: {@code {1,2,NULL}}, and what is no plain word in quotes. */
public final class ArrayText {
  private ArrayText() {}

  /**
   * An array, with those in it.
   *
   * @param text of an element that is neither an array nor NULL
   */
  public static String of(List<?> array, Function<Object, String> text) {
    StringBuilder out = new StringBuilder();
    append(out, array, text);
    return out.toString();
  }

  private static void append(StringBuilder out, List<?> array, Function<Object, String> text) {
    out.append('{');
    String separator = "";
    for (Object element : array) {
      out.append(separator);
      separator = ",";
      if (element == null) {
        out.append("NULL");
      } else if (element instanceof List) {
        append(out, (List<?>) element, text);
      } else {
        appendWord(out, text.apply(element));
      }
    }
    out.append('}');
  }

  private static void appendWord(StringBuilder out, String word) {
    boolean plain =
        !word.isEmpty()
            && !word.toUpperCase(Locale.ROOT).equals("NULL")
            && word.chars().noneMatch(c -> "{},\"\\".indexOf(c) >= 0 || Character.isWhitespace(c));
    if (plain) {
      out.append(word);
      return;
    }
    out.append('"').append(word.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }
}
