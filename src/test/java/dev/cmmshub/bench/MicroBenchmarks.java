package dev.cmmshub.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Json;
import dev.cmmshub.notifier.WebhookSigner;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.trace.Traces;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.Transformer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Single steps, each beside what one would write by hand for the same result. A method's name is
 * its step and, behind an underscore, its variant.
 */
@State(Scope.Benchmark)
public class MicroBenchmarks {
  private static final String SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "1200d27d-191a-5d3b-b773-93508d6ee685";
  private static final long TIMESTAMP = 1_780_000_000L;

  private final byte[] body = WorkOrders.body(1, 1_780_000_000_000L);
  private final CanonicalSchemas schemas = new CanonicalSchemas();
  private final WebhookSigner signer = new WebhookSigner(new Secret(SECRET));
  private final SecretKeySpec key =
      new SecretKeySpec(Base64.getDecoder().decode(SECRET), "HmacSHA256");
  private Mapping envelope;
  private Mapping canonical;
  private JsonNode entity;

  /** Fails when a baseline does not give what the hub gives. */
  @Setup
  public void prepare() throws GeneralSecurityException {
    FunctionLibrary functions = FunctionLibrary.load();
    Path mappings = Path.of("connectors/sap-s4hana/mappings");
    envelope = Mapping.compile(mappings.resolve("envelope.jslt"), functions);
    canonical = Mapping.compile(mappings.resolve("workorder.from-erp.jslt"), functions);
    entity = Json.read(translated());
    same(envelope.apply(Json.read(body)), HandWritten.envelope(Json.read(body)));
    same(canonical.apply(Json.read(body)), HandWritten.canonical(Json.read(body)));
    same(signature_hub(), signature_mac());
  }

  private static void same(Object hub, Object baseline) {
    if (!hub.toString().equals(baseline.toString()) && !hub.equals(baseline)) {
      throw new IllegalStateException("hub: " + hub + "\nbaseline: " + baseline);
    }
  }

  private byte[] translated() {
    Transformer transformer =
        new Transformer(
            BenchServers.tenants(java.util.List.of())::byId,
            (tenant, system, name) ->
                java.util.Optional.of(
                    Path.of("connectors/sap-s4hana/mappings/workorder.from-erp.jslt")),
            file -> canonical,
            schemas,
            Traces.OFF);
    return transformer.translate(WorkOrders.event("bench-0", 1, 1_780_000_000_000L)).data();
  }

  @Benchmark
  public JsonNode envelope_hub() {
    return envelope.apply(Json.read(body));
  }

  @Benchmark
  public JsonNode envelope_jackson() {
    return HandWritten.envelope(Json.read(body));
  }

  @Benchmark
  public byte[] mapping_hub() {
    return Json.write(canonical.apply(Json.read(body)));
  }

  @Benchmark
  public byte[] mapping_jackson() {
    return Json.write(HandWritten.canonical(Json.read(body)));
  }

  /** The canonical work order against its JSON Schema. */
  @Benchmark
  public boolean schema_hub() {
    return schemas.violation("workorder", entity).isPresent();
  }

  /** Writing and reading the same work order: what has to be done with it in any case. */
  @Benchmark
  public JsonNode schema_jackson() {
    return Json.read(Json.write(entity));
  }

  @Benchmark
  public String signature_hub() {
    return signer.sign(ID, TIMESTAMP, body);
  }

  @Benchmark
  public String signature_mac() throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(key);
    mac.update((ID + "." + TIMESTAMP + ".").getBytes(UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
  }
}
