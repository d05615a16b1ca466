package dev.cmmshub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Connectors that differ in how their systems sign, and in nothing else. */
public final class HookConnectors {
  /** What stands under {@code hook} in each. */
  private static final Map<String, String> HOOKS =
      Map.of(
          "signed-standard",
          "standard-webhooks",
          "signed-frappe",
          "{scheme: frappe, validation: echo}",
          "signed-stripe",
          "{header: Stripe-Signature, separator: ',', prefix: 'v1=', encoding: hex,"
              + " signed: '{timestamp}.{body}', timestamp: {prefix: 't='}}",
          "signed-github",
          "{header: X-Hub-Signature-256, prefix: 'sha256=', encoding: hex, signed: '{body}'}",
          "signed-own",
          "{header: X-Sig, algorithm: sha512, encoding: base64, signed: 'v0:{timestamp}:{id}:{body}',"
              + " timestamp: {header: X-Time, unit: ms}, id: X-Id}");

  private static final String ENVELOPE =
      "{\"entity\": \"part\", \"externalId\": .name, \"version\": .version}\n";

  private static final String PART =
      "{\"partNumber\": .name, \"description\": .name, \"baseUnit\": \"EA\","
          + " \"updatedAt\": \"2026-03-06T14:42:17Z\"}\n";

  private HookConnectors() {}

  /** Writes them, without those that come with the hub. */
  public static Path writeTo(Path folder) {
    HOOKS.forEach((name, hook) -> write(folder, name, hook));
    return folder;
  }

  /** Writes them beside those that come with the hub. */
  public static Path withAllOthers(Path folder) {
    Path connectors = Path.of("connectors");
    try (Stream<Path> files = Files.walk(connectors)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(connectors.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writeTo(folder);
  }

  /** Writes one connector. */
  public static void write(Path folder, String name, String hook) {
    try {
      Path mappings = Files.createDirectories(folder.resolve(name).resolve("mappings"));
      Files.writeString(
          folder.resolve(name).resolve("connector.yaml"),
          """
          name: %s
          title: %s
          version: 1
          contentTypes: [application/json]
          envelope: mappings/envelope.jslt
          entities: {part: {fromErp: true}}
          hook: %s
          """
              .formatted(name, name, hook));
      Files.writeString(mappings.resolve("envelope.jslt"), ENVELOPE);
      Files.writeString(mappings.resolve("part.from-erp.jslt"), PART);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
