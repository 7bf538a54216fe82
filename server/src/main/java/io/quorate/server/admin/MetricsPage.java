package io.quorate.server.admin;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.quorate.server.lang.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The metrics of the node, and of its JVM, as Prometheus reads them (text format 0.0.4). A name of
 * SYSTEM.METRICS gets {@code quorate_} before it, and a counter {@code _total} behind it.
 * Thread-safe.
 */
final class MetricsPage implements AutoCloseable {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String PREFIX = "quorate_";
  private static final String COUNTER_SUFFIX = "_total";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Listens to the collector until it is closed. */
  private final JvmGcMetrics collections = new JvmGcMetrics();

  MetricsPage(Supplier<List<Metric>> metrics) {
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    MultiCollector ofNode = () -> snapshots(metrics.get());
    registry.getPrometheusRegistry().register(ofNode);
  }

  String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private static MetricSnapshots snapshots(List<Metric> metrics) {
    Map<String, List<Metric>> families =
        metrics.stream()
            .collect(Collectors.groupingBy(Metric::name, LinkedHashMap::new, Collectors.toList()));
    return new MetricSnapshots(families.values().stream().map(MetricsPage::snapshot).toList());
  }

  /** Of the metrics of one name. */
  private static MetricSnapshot snapshot(List<Metric> family) {
    Metric first = family.get(0);
    return switch (first.kind()) {
      case COUNTER -> counter(first, family);
      case GAUGE -> gauge(first, family);
    };
  }

  private static MetricSnapshot counter(Metric first, List<Metric> family) {
    String name = first.name();
    String base =
        name.endsWith(COUNTER_SUFFIX)
            ? name.substring(0, name.length() - COUNTER_SUFFIX.length())
            : name;
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder().name(PREFIX + base).help(first.meaning());
    family.forEach(
        metric ->
            counter.dataPoint(
                CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels(metric))
                    .value((double) metric.value())
                    .build()));
    return counter.build();
  }

  private static MetricSnapshot gauge(Metric first, List<Metric> family) {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder().name(PREFIX + first.name()).help(first.meaning());
    family.forEach(
        metric ->
            gauge.dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(labels(metric))
                    .value((double) metric.value())
                    .build()));
    return gauge.build();
  }

  private static Labels labels(Metric metric) {
    return metric.member().isEmpty() ? Labels.EMPTY : Labels.of("member", metric.member());
  }
}
