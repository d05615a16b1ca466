package dev.cmmshub;

import dev.cmmshub.trace.CountedExport;
import dev.cmmshub.trace.OtlpExport;
import dev.cmmshub.trace.Traces;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The part of the composition root that makes traces, and the metrics that name them. */
final class TraceSteps {
  private static final String ENDPOINT = "hub.traces.endpoint";
  private static final String RATIO = "hub.traces.ratio";
  private static final String CALLERS_DECIDE = "hub.traces.callers-decide";
  private static final String PATH = "/v1/traces";

  private final Optional<OtlpExport> export;
  private final Traces traces;

  /**
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  TraceSteps(HubSettings settings, Closing closing) {
    double ratio = ratio(settings.text(RATIO));
    boolean callersDecide = flag(settings.text(CALLERS_DECIDE));
    export =
        endpoint(settings.all().getProperty(ENDPOINT, "").trim())
            .map(to -> closing.add(new OtlpExport(to, settings.node())));
    traces = export.map(out -> new Traces(out.tracer(), ratio, callersDecide)).orElse(Traces.OFF);
  }

  private static double ratio(String text) {
    try {
      double ratio = Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        RATIO + ": '" + text + "': expected a number from 0 to 1, such as 0.1");
  }

  private static boolean flag(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new IllegalArgumentException(CALLERS_DECIDE + ": '" + text + "': expected true or false");
  }

  private static Optional<URI> endpoint(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI given = URI.create(text);
      boolean isHttp = "http".equals(given.getScheme()) || "https".equals(given.getScheme());
      if (isHttp && given.getHost() != null && given.getUserInfo() == null) {
        boolean isBare = given.getPath().isEmpty() || given.getPath().equals("/");
        return Optional.of(isBare ? given.resolve(PATH) : given);
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        ENDPOINT + ": expected http(s)://host:port or with a path behind, without a password");
  }

  Traces traces() {
    return traces;
  }

  /** Histograms of traced events name one as exemplar. */
  PrometheusMeterRegistry registry() {
    return traces.isOn()
        ? new PrometheusMeterRegistry(
            PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, traces.current())
        : new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  /** Counts spans, once the registry knows what it leaves out. */
  void tellOn(MeterRegistry registry) {
    count(registry, "ended", CountedExport::ended);
    count(registry, "sent", CountedExport::sent);
    count(registry, "failed", CountedExport::failed);
  }

  private void count(MeterRegistry registry, String outcome, ToDoubleFunction<CountedExport> of) {
    FunctionCounter.builder(
            "hub.spans",
            this,
            steps -> steps.export.map(OtlpExport::counts).map(of::applyAsDouble).orElse(0.0))
        .tag("outcome", outcome)
        .register(registry);
  }
}
