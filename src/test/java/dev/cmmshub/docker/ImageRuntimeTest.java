package dev.cmmshub.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image's Java runtime, made as the Dockerfile makes it, runs the whole demo. A minute. */
@Tag("faults")
class ImageRuntimeTest {
  private static final Path JAR = Path.of("target/cmms-hub.jar");
  private static final Path LIBRARIES = Path.of("target/lib");
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  /** What docker pulls as debian:12-slim. */
  private static final long BASE = 75_000_000;

  private static final long LARGEST = 350_000_000;

  @TempDir private Path folder;

  private static Optional<Path> jdk25() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(INSTALLED)) {
      return all.filter(jdk -> jdk.getFileName().toString().matches(".*\\b25\\b.*"))
          .filter(jdk -> Files.isExecutable(jdk.resolve("bin/jlink")))
          .findFirst();
    }
  }

  private static long size(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  @Test
  void theDemoRunsOnItAndTheImageIsSmallEnough() throws Exception {
    Optional<Path> jdk = jdk25();
    assumeTrue(jdk.isPresent(), "no JDK 25 in /usr/lib/jvm: the image's runtime not tried");
    assumeTrue(
        Files.exists(JAR) && Files.isDirectory(LIBRARIES),
        "no target/lib: mvn package makes what goes into the image");
    Dockerfile dockerfile = new Dockerfile();
    Path java = folder.resolve("java");
    List<String> jlink = new ArrayList<>();
    jlink.add(jdk.get().resolve("bin/jlink").toString());
    jlink.addAll(dockerfile.jlink());
    jlink.set(jlink.indexOf("/opt/java"), java.toString());
    Commands.run(folder, jlink.toArray(String[]::new));

    List<String> demo = new ArrayList<>();
    demo.add(java.resolve("bin/java").toString());
    demo.addAll(dockerfile.javaOptions());
    demo.addAll(List.of("-cp", JAR + ":" + LIBRARIES + "/*"));
    demo.addAll(List.of("dev.cmmshub.cli.HubCommand", "demo", "--exit", "--events", "3"));
    demo.addAll(List.of("--port", "0", "--admin-port", "0"));
    demo.addAll(List.of("--data", folder.resolve("data").toString()));
    String said = Commands.run(Path.of("."), demo.toArray(String[]::new));
    assertThat(said).contains("Everything arrived.").doesNotContain("WARNING");

    long libraries = size(LIBRARIES) + size(JAR);
    long own = size(Path.of("routes")) + size(Path.of("connectors"));
    long image = BASE + size(java) + libraries + own;
    System.out.printf(
        "image: about %d MB: base %d, java %d, hub and libraries %d%n",
        image / 1_000_000, BASE / 1_000_000, size(java) / 1_000_000, libraries / 1_000_000);
    assertThat(image).isLessThan(LARGEST);
  }
}
