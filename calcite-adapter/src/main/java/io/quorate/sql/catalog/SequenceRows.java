package io.quorate.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of INFORMATION_SCHEMA.SEQUENCES. Pure. */
final class SequenceRows {
  private SequenceRows() {}

  static List<@Nullable Object[]> of(Catalog catalog) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SequenceDef sequence : catalog.objects().sequences().values()) {
      SequenceOptions options = sequence.options();
      TypeFacts facts = TypeFacts.of(options.type());
      rows.add(
          InformationSchema.row(
              Catalog.NAME,
              sequence.schema(),
              sequence.name(),
              facts.name(),
              facts.precision(),
              facts.radix(),
              facts.scale(),
              Long.toString(options.start()),
              Long.toString(options.min()),
              Long.toString(options.max()),
              Long.toString(options.increment()),
              options.cycle() ? "YES" : "NO"));
    }
    return rows;
  }
}
