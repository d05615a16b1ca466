package dev.cmmshub.bench;

import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.RouteMeters;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Daemons;
import dev.cmmshub.observe.EventLog;
import dev.cmmshub.observe.FlowPassages;
import dev.cmmshub.observe.LagGauges;
import dev.cmmshub.observe.Metrics;
import dev.cmmshub.observe.PassageHub;
import dev.cmmshub.observe.TenantNames;
import dev.cmmshub.observe.flow.FlowRecorder;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.StoreObserver;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.trace.OtlpExport;
import dev.cmmshub.trace.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;

/** What a hub looks at itself with on the way from the inbound to the canonical topic. */
interface Watching extends AutoCloseable {
  Traces traces();

  MeterRegistry registry();

  void look(CamelContext context);

  /** Who is told of what was stored. */
  StoreObserver begin(BenchServers servers, Topics topics, Tenants tenants, Shards shards);

  @Override
  void close();

  /** No meters but those nobody reads, no traces, no flows. */
  static Watching nothing() {
    MeterRegistry registry = new SimpleMeterRegistry();
    return new Watching() {
      @Override
      public Traces traces() {
        return Traces.OFF;
      }

      @Override
      public MeterRegistry registry() {
        return registry;
      }

      @Override
      public void look(CamelContext context) {}

      @Override
      public StoreObserver begin(
          BenchServers servers, Topics topics, Tenants tenants, Shards shards) {
        return (event, outcome, shard) -> {};
      }

      @Override
      public void close() {
        registry.close();
      }
    };
  }

  /** All that a hub has: scraped, with spans that a collector takes, silent flows looked for. */
  static Watching everything() {
    return new Everything();
  }

  /** Made of the hub's own parts. */
  final class Everything implements Watching {
    private static final int SCRAPED_SECONDS = 5;

    private final HttpServer collector = collector();
    private final OtlpExport export =
        new OtlpExport(
            URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces"),
            "bench");
    private final Traces traces = new Traces(export.tracer(), 1, false);
    private final PrometheusMeterRegistry registry =
        new PrometheusMeterRegistry(
            PrometheusConfig.DEFAULT,
            new PrometheusRegistry(),
            io.micrometer.core.instrument.Clock.SYSTEM,
            traces.current());
    private final ScheduledExecutorService scrapes = Daemons.ticker("scrape");
    private LagGauges lag;
    private FlowRecorder flows;

    /** Takes all and looks at nothing: a real one runs on another machine. */
    private static HttpServer collector() {
      try {
        HttpServer server =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext(
            "/",
            exchange -> {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(200, -1);
              exchange.close();
            });
        server.start();
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Traces traces() {
      return traces;
    }

    @Override
    public MeterRegistry registry() {
      return registry;
    }

    @Override
    public void look(CamelContext context) {
      context.getRegistry().bind("metricsRegistry", registry);
      context.addRoutePolicyFactory(RouteMeters.factory());
    }

    @Override
    public StoreObserver begin(
        BenchServers servers, Topics topics, Tenants tenants, Shards shards) {
      Clock clock = Clock.systemUTC();
      lag = new LagGauges(registry, servers.brokers(), topics, clock);
      lag.start();
      flows = new FlowRecorder(() -> tenants, shards, clock);
      flows.start();
      scrapes.scheduleAtFixedRate(
          registry::scrape, SCRAPED_SECONDS, SCRAPED_SECONDS, TimeUnit.SECONDS);
      Metrics metrics = new Metrics(registry, clock, new TenantNames(500, List.of()));
      return new PassageHub(metrics, List.of(new EventLog(), new FlowPassages(flows)), traces)
          ::stored;
    }

    @Override
    public void close() {
      scrapes.shutdownNow();
      if (lag != null) {
        lag.close();
        flows.close();
      }
      export.close();
      collector.stop(0);
      registry.close();
    }
  }
}
