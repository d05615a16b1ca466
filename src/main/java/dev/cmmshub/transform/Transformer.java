package dev.cmmshub.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.message.MappingUsed;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.trace.CurrentTrace;
import dev.cmmshub.trace.Step;
import dev.cmmshub.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Translates events into the canonical model. An event that cannot be translated fails alone.
 *
 * <p>Deterministic: the same bytes and the same mapping give the same canonical bytes.
 */
public final class Transformer {
  private static final String JSON = "application/json";
  private static final int LARGEST = 10 << 20;

  private final Function<String, Optional<Tenant>> tenants;
  private final MappingLocator locator;
  private final Function<Path, Mapping> mappings;
  private final CanonicalSchemas schemas;
  private final Traces traces;

  /**
   * @param mappings gives the compiled mapping of a file, or throws {@link TransformException}
   */
  public Transformer(
      Function<String, Optional<Tenant>> tenants,
      MappingLocator locator,
      Function<Path, Mapping> mappings,
      CanonicalSchemas schemas,
      Traces traces) {
    this.tenants = tenants;
    this.locator = locator;
    this.mappings = mappings;
    this.schemas = schemas;
    this.traces = traces;
  }

  /** Returns the batch with its events translated and the others among its failures. */
  public EventBatch apply(EventBatch batch) {
    List<Event> translated = new ArrayList<>(batch.events().size());
    List<FailedEvent> failed = new ArrayList<>(0);
    for (Event event : batch.events()) {
      apply(event, translated, failed);
    }
    return batch.after(translated, failed);
  }

  private void apply(Event arrived, List<Event> translated, List<FailedEvent> failed) {
    Step step = traces.begin("transform", SpanKind.CONSUMER, arrived);
    Event event = step.carry(arrived);
    try (CurrentTrace.Scope scope = traces.current(event)) {
      translated.add(translate(event));
      step.end();
    } catch (UntranslatableException e) {
      failed.add(failed(step, event, e.failure()));
    } catch (RuntimeException e) {
      // A fault of the hub itself must not hold up the events beside this one: it is tried later.
      failed.add(failed(step, event, Failure.transform("internal", e.toString())));
    }
  }

  private static FailedEvent failed(Step step, Event event, Failure failure) {
    step.fail(failure.errorClass());
    return new FailedEvent(event, failure, 1);
  }

  /**
   * The canonical form of one event.
   *
   * @throws UntranslatableException with the reason
   */
  public Event translate(Event event) {
    try {
      return translate(event, Payloads.read(event.data(), event.contentType()));
    } catch (MalformedPayloadException e) {
      throw new UntranslatableException(Failure.transform("malformed", e.getMessage()));
    }
  }

  /**
   * The same for one whose data were read already.
   *
   * @throws UntranslatableException with the reason
   */
  public Event translate(Event event, JsonNode input) {
    try {
      Tenant tenant = tenant(event);
      Path file =
          locator
              .fromErp(tenant, event.key().system(), event.key().entity())
              .orElseThrow(
                  () ->
                      new UntranslatableException(
                          Failure.transform(
                              "mapping",
                              "system '"
                                  + event.key().system()
                                  + "' has no mapping for "
                                  + event.key().entity()
                                  + "; add it to its connector")));
      Mapping mapping = mappings.apply(file);
      JsonNode mapped = mapping.apply(input, locator.codes(tenant, event.key().system()));
      return canonical(event, mapped, file, mapping.usedFor(connector(tenant, event)));
    } catch (TransformException e) {
      throw new UntranslatableException(Failure.transform("mapping", e.getMessage()));
    }
  }

  private static String connector(Tenant tenant, Event event) {
    return tenant.system(event.key().system()).map(TenantSystem::connector).orElse("");
  }

  private Tenant tenant(Event event) {
    String id = event.key().tenant();
    Tenant tenant =
        tenants
            .apply(id)
            .orElseThrow(
                () ->
                    new UntranslatableException(
                        Failure.transform(
                            "unknown-tenant", "tenants.yaml has no tenant '" + id + "'")));
    if (!tenant.enabled()) {
      throw new UntranslatableException(
          Failure.transform("disabled", "tenant '" + id + "' is disabled in tenants.yaml"));
    }
    return tenant;
  }

  private Event canonical(Event event, JsonNode mapped, Path file, MappingUsed by) {
    if (!(mapped instanceof ObjectNode entity)) {
      throw new UntranslatableException(
          Failure.transform(
              "mapping",
              file.getFileName()
                  + " gave no object, expected the canonical "
                  + event.key().entity()));
    }
    String id = EventIds.ofObject(event.key()).toString();
    entity.put("id", id);
    entity.put("tenantId", event.key().tenant());
    entity.put("sourceVersion", event.version());
    entity
        .putArray("externalRefs")
        .addObject()
        .put("system", event.key().system())
        .put("id", event.key().externalId());
    schemas
        .violation(event.key().entity(), entity)
        .ifPresent(
            violation -> {
              throw new UntranslatableException(Failure.transform("schema", violation));
            });
    byte[] data = Json.write(entity);
    if (data.length > LARGEST) {
      throw new UntranslatableException(
          Failure.transform(
              "mapping",
              file.getFileName() + " gave " + data.length + " bytes, at most 10 MB pass"));
    }
    return event.translated(
        event.key().entity() + '/' + id,
        CanonicalSchemas.address(event.key().entity()),
        JSON,
        data,
        by);
  }
}
