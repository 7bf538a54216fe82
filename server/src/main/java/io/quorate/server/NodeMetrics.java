package io.quorate.server;

import io.quorate.server.lang.Metric;
import io.quorate.server.session.StatementCounters;
import io.quorate.server.store.StoreFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What this node counts and measures; the names are a promise. Thread-safe.
 *
 * @param leaders how many leaderships this node has seen begin
 * @param logBytes what the log takes on disk
 * @param disagreeing members whose rows are not those of the others
 */
record NodeMetrics(
    StatementCounters counters,
    Supplier<StoreFacts> store,
    LongSupplier leaders,
    LongSupplier logBytes,
    LongSupplier disagreeing)
    implements Supplier<List<Metric>> {

  @Override
  public List<Metric> get() {
    List<Metric> all = new ArrayList<>(counters.all());
    all.add(
        Metric.counter(
            "leader_changes_total",
            "leaderships that this node has seen begin",
            leaders.getAsLong()));
    all.add(Metric.gauge("raft_log_bytes", "what the log takes on disk", logBytes.getAsLong()));
    all.add(
        Metric.gauge(
            "replicas_disagreeing",
            "members whose rows have another hash than those of a majority, or than each other's where none has one",
            disagreeing.getAsLong()));
    StoreFacts facts = store.get();
    all.add(
        Metric.gauge(
            "state_machine_bytes",
            "the rows and what waits to be saved: file and memory of the store",
            facts.fileBytes() + facts.unsavedBytes()));
    all.add(
        Metric.gauge(
            "store_applied_revision", "the newest revision of the store", facts.applied()));
    all.add(
        Metric.gauge(
            "store_durable_revision",
            "the revision that a crash cannot take from the store",
            facts.durable()));
    all.add(
        Metric.gauge(
            "store_views_open", "statements and transactions that read", facts.viewsOpen()));
    all.add(
        Metric.gauge(
            "store_oldest_view_revision",
            "what the oldest reader is shown",
            facts.oldestViewRevision()));
    all.add(
        Metric.gauge(
            "store_oldest_view_seconds",
            "for how long the oldest reader has read",
            facts.oldestViewAge().toSeconds()));
    all.add(
        Metric.gauge(
            "store_unsaved_bytes", "memory that waits for a checkpoint", facts.unsavedBytes()));
    all.add(Metric.gauge("store_file_bytes", "size of the store's file", facts.fileBytes()));
    all.add(
        Metric.gauge(
            "store_live_percent",
            "how much of the file is rows that somebody can still see",
            facts.livePercent()));
    return all;
  }
}
