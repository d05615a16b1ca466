package dev.cmmshub.cli;

import dev.cmmshub.egress.Allowances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Removes what a demo left. */
final class DemoFolder {
  private DemoFolder() {}

  /** What a demo needs whatever else is set: everything in its folder, plain ports on loopback. */
  static Map<String, String> settings(Path folder, Path tenants) {
    return Map.of(
        "hub.data.directory",
        folder.resolve("data").toString(),
        // The ERP, the CMMS and the webhooks of the demo.
        Allowances.SETTING,
        "127.0.0.0/8",
        "hub.tenants.file",
        tenants.toString(),
        "hub.http.tls.certificate",
        "",
        "hub.http.tls.key",
        "",
        "hub.http.tls.clients",
        "none",
        "hub.http.tls.client-authorities",
        "",
        "hub.admin.tls.certificate",
        "",
        "hub.admin.tls.key",
        "");
  }

  static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
