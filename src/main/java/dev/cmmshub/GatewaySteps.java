package dev.cmmshub;

import dev.cmmshub.gateway.AcceptedEvents;
import dev.cmmshub.gateway.CalledVersion;
import dev.cmmshub.gateway.CloudEventIngress;
import dev.cmmshub.gateway.Credentials;
import dev.cmmshub.gateway.EntityReader;
import dev.cmmshub.gateway.EventHistory;
import dev.cmmshub.gateway.EventIngress;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.gateway.HookGateway;
import dev.cmmshub.gateway.Idempotency;
import dev.cmmshub.gateway.Ingress;
import dev.cmmshub.gateway.Problems;
import dev.cmmshub.gateway.SoapGateway;
import dev.cmmshub.gateway.hook.HookVerifier;
import dev.cmmshub.gateway.idempotency.Claims;
import dev.cmmshub.observe.PassageHub;
import dev.cmmshub.observe.VersionMetrics;
import dev.cmmshub.store.EntityCache;
import dev.cmmshub.store.RedisWatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.camel.spi.Registry;

/** The part of the composition root that makes the steps of {@code routes/1-gateway}. */
record GatewaySteps(
    HubSettings settings,
    Steps.Means means,
    MeterRegistry registry,
    PassageHub passages,
    Clock clock,
    Closing closing) {

  /** Returns the step that takes events in, which polling shares. */
  EventIngress bindTo(Registry beans, EventReader reader, EntityCache cache, RedisWatch watch) {
    Claims claims =
        closing.add(new Claims(means.redis(), watch, settings.text("hub.topic.prefix")));
    beans.bind("idempotency", new Idempotency(claims));
    AcceptedEvents accepted = new AcceptedEvents(passages::accepted);
    Credentials credentials =
        new Credentials(
            means.tenants(),
            new TokenSteps(settings, means, registry, clock, closing).tokens(),
            clock);
    Problems problems = new Problems(passages::rejected, means.traces());
    beans.bind("ingress", new Ingress(HookGateway.headers(means.connectors().values())));
    beans.bind(
        "hookGateway",
        new HookGateway(means.tenants(), means.connectors(), new HookVerifier(clock)));
    beans.bind("credentials", credentials);
    beans.bind("calledVersion", new CalledVersion(new VersionMetrics(registry, means.names())));
    EventIngress eventIngress = new EventIngress(reader, accepted, means.traces());
    beans.bind("eventIngress", eventIngress);
    beans.bind("cloudEventIngress", new CloudEventIngress(reader, eventIngress));
    beans.bind("problems", problems);
    beans.bind(
        "soapGateway",
        new SoapGateway(
            credentials,
            problems,
            settings.path("hub.connectors.folder").resolve("generic-soap/maintenance-events.xsd"),
            settings.all().getProperty("hub.http.public-address", "")));
    beans.bind("entityReader", new EntityReader(means.shards(), cache));
    beans.bind("eventHistory", new EventHistory(accepted));
    return eventIngress;
  }
}
