package dev.cmmshub.tenant;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of a secret's file does while the hub runs. */
class SecretFilesTest {
  private static final String FIRST = "whsec_Zmlyc3Q=";
  private static final String SECOND = "whsec_c2Vjb25k";

  @TempDir private Path folder;
  private Path secret;
  private final AtomicInteger readings = new AtomicInteger();
  private TenantsWatch watch;

  @BeforeEach
  void watch() throws IOException {
    secret = Files.writeString(folder.resolve("secret"), FIRST + "\n");
    Path file = folder.resolve("tenants.yaml");
    Files.writeString(
        file,
        """
        tenants:
          one:
            subscriptions: [{to: "https://a.example", events: ["*"], secret: "{{file:%s}}"}]
        """
            .formatted(secret));
    TenantsFile reader = new TenantsFile(TenantsBuilder.dry(Optional.of(Map.of()), Map.of()));
    Function<Path, Tenants> counted =
        path -> {
          readings.incrementAndGet();
          return reader.read(path);
        };
    watch = new TenantsWatch(file, counted);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  private String inUse() {
    return watch
        .get()
        .byId("one")
        .flatMap(tenant -> tenant.subscriptions().get(0).secret())
        .orElseThrow()
        .value();
  }

  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, secret, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void aSecretThatIsReplacedOrWrittenOverIsTaken() throws IOException {
    assertThat(inUse()).isEqualTo(FIRST);
    replace(SECOND);
    assertThat(eventually(() -> inUse().equals(SECOND))).isTrue();
    Files.writeString(secret, FIRST);
    assertThat(eventually(() -> inUse().equals(FIRST))).isTrue();
    assertThat(watch.isValid()).isTrue();
  }

  @Test
  void aSecretThatIsGoneLeavesTheLastOneAndIsToldOnce() throws IOException {
    Files.delete(secret);
    assertThat(eventually(() -> !watch.isValid())).isTrue();
    assertThat(inUse()).isEqualTo(FIRST);
    int until = readings.get();
    long begin = System.nanoTime();
    // Longer than a secret's file is looked at twice.
    eventually(() -> System.nanoTime() - begin > Duration.ofSeconds(3).toNanos());
    assertThat(readings.get()).as("each reading of a broken one is told").isEqualTo(until);

    Files.writeString(secret, SECOND);
    assertThat(eventually(() -> inUse().equals(SECOND))).isTrue();
    assertThat(watch.isValid()).isTrue();
  }

  @Test
  void anEmptySecretLeavesTheLastOne() throws IOException {
    replace("\n");
    assertThat(eventually(() -> !watch.isValid())).isTrue();
    assertThat(inUse()).isEqualTo(FIRST);
    replace(SECOND);
    assertThat(eventually(() -> watch.isValid() && inUse().equals(SECOND))).isTrue();
  }
}
