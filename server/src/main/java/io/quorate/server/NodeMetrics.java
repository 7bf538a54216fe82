package io.quorate.server;

import io.quorate.server.session.StatementCounters;
import io.quorate.server.store.StoreFacts;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What this node counts and measures, by name; the names are a promise. Thread-safe. */
record NodeMetrics(StatementCounters counters, Supplier<StoreFacts> store)
    implements Supplier<SortedMap<String, Long>> {

  @Override
  public SortedMap<String, Long> get() {
    SortedMap<String, Long> all = counters.all();
    StoreFacts facts = store.get();
    all.put("store_applied_revision", facts.applied());
    all.put("store_durable_revision", facts.durable());
    all.put("store_views_open", (long) facts.viewsOpen());
    all.put("store_oldest_view_revision", facts.oldestViewRevision());
    all.put("store_oldest_view_seconds", facts.oldestViewAge().toSeconds());
    all.put("store_unsaved_bytes", facts.unsavedBytes());
    all.put("store_file_bytes", facts.fileBytes());
    all.put("store_live_percent", (long) facts.livePercent());
    return all;
  }
}
