package dev.cmmshub.docker;

import static dev.cmmshub.docker.Commands.run;
import static dev.cmmshub.docker.Commands.works;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What can be checked of docker/Dockerfile without building it. */
class ImageTest {
  private static final Path SENT = Path.of("docker/Dockerfile.dockerignore");

  private final Dockerfile dockerfile = new Dockerfile();

  ImageTest() throws IOException {}

  @Test
  void hadolintHasNothingToSay() throws Exception {
    assumeTrue(
        works("hadolint --version"), "hadolint is not installed: Dockerfile not checked by it");
    run(
        Path.of("."),
        "hadolint",
        "--no-color",
        Dockerfile.FILE.toString(),
        "docker/airflow/Dockerfile");
  }

  @Test
  void theImageOfAirflowIsPinnedAndRunsAsAUserOfItsOwn() throws IOException {
    assertThat(Path.of("docker/airflow/Dockerfile"))
        .content()
        .containsPattern("FROM python:[0-9.]+-slim-bookworm AS build")
        .contains("--require-hashes", "\nUSER 10002:10002\n")
        .doesNotContain("curl", "wget", "sudo", "ADD ");
    assertThat(Path.of("docker/airflow/requirements.lock"))
        .content()
        .contains("--hash=sha256:")
        .doesNotContain("://", "--index", "--find-links");
  }

  @Test
  void whatItIsMadeOfIsPinned() {
    assertThat(dockerfile.all("FROM"))
        .hasSize(3)
        .allMatch(from -> from.matches("[a-z./-]+:[0-9]+[.][0-9]+[^ ]*( AS [a-z]+)?"));
    assertThat(String.join(" ", dockerfile.all("LABEL")))
        .contains("base.name=\"" + dockerfile.ofTheImage("FROM").get(0) + '"');
    assertThat(dockerfile.all("ADD")).isEmpty();
    assertThat(dockerfile.all("RUN")).noneMatch(run -> run.matches(".*\\b(curl|wget|sudo)\\b.*"));
  }

  @Test
  void itRunsAsAUserOfItsOwnAndSaysHowItIs() {
    List<String> users = dockerfile.ofTheImage("USER");
    assertThat(users).containsExactly("10001:10001");
    assertThat(dockerfile.ofTheImage("HEALTHCHECK")).singleElement().asString().contains("8081");
    assertThat(dockerfile.ofTheImage("ENTRYPOINT")).singleElement().asString().startsWith("[");
    assertThat(dockerfile.ofTheImage("RUN")).singleElement().asString().contains("--uid 10001");
    for (String kind : List.of("ENV", "ARG")) {
      assertThat(String.join(" ", dockerfile.all(kind)).toLowerCase(Locale.ROOT))
          .doesNotContain("password", "secret", "token", "_key");
    }
  }

  @Test
  void itsBuildSeesOnlyWhatItCopies() throws IOException {
    List<String> sent = Files.readAllLines(SENT);
    assertThat(sent).contains("*");
    for (String copy : dockerfile.all("COPY")) {
      if (!copy.startsWith("--from=")) {
        String source = copy.split(" ")[0];
        assertThat(Path.of(source)).exists();
        assertThat(sent).contains("!" + source);
      }
    }
  }

  /** The label, the file that is copied and the one that Maven makes are the same. */
  @Test
  void itSaysWhatItIsMadeOf() throws IOException {
    assertThat(String.join(" ", dockerfile.ofTheImage("LABEL")))
        .contains("dev.cmmshub.sbom.path=\"/opt/cmms-hub/sbom.cdx.json\"")
        .contains("dev.cmmshub.sbom.media-type=\"application/vnd.cyclonedx+json\"");
    assertThat(dockerfile.ofTheImage("WORKDIR")).containsExactly("/opt/cmms-hub");
    assertThat(dockerfile.ofTheImage("COPY"))
        .contains("--from=build /build/target/sbom.cdx.json ./");
    assertThat(Path.of("pom.xml"))
        .content()
        .contains("<outputName>sbom.cdx</outputName>", "<goal>makeBom</goal>");
  }
}
