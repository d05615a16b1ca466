package dev.cmmshub.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Until when a key counts. */
class CredentialsTest {
  private static final Instant END = Instant.parse("2027-01-31T00:00:00Z");
  private static final Tenant ACME =
      new Tenant(
          "acme",
          true,
          List.of(
              new ApiKey(
                  "old", KeyHash.of("old key"), ApiKey.USUAL, Optional.of(END), Optional.empty()),
              new ApiKey("new", KeyHash.of("new key"), ApiKey.USUAL)),
          Map.of(),
          List.of(),
          Map.of(),
          RetryPolicy.DEFAULT,
          Limits.DEFAULT,
          List.of(),
          Optional.empty());

  private static Credentials at(Instant now) {
    Tenants tenants = new Tenants(List.of(ACME));
    return new Credentials(
        () -> tenants,
        (token, hash, version) -> {
          throw new AssertionError("no key is taken for a token");
        },
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Presented key(String key) {
    return new Presented(Optional.of(key), true, Optional.empty());
  }

  private static ProblemException refused(Instant now, String key) {
    return catchThrowableOfType(
        ProblemException.class, () -> at(now).authenticate(key(key), "read"));
  }

  @Test
  void twoKeysHoldAtOnceUntilTheOldOneEnds() {
    Credentials before = at(END.minus(Duration.ofSeconds(1)));
    for (String key : List.of("old", "new")) {
      assertThat(before.authenticate(key(key + " key"), "read").credential().id()).isEqualTo(key);
    }
    assertThat(at(END).authenticate(key("new key"), "read").credential().id()).isEqualTo("new");
  }

  @Test
  void aKeyThatIsOverIsToldSoAndWhen() {
    ProblemException over = refused(END, "old key");
    assertThat(over.status()).isEqualTo(401);
    assertThat(over.code()).isEqualTo("key-expired");
    assertThat(over).hasMessageContaining("key 'old' expired at 2027-01-31T00:00:00Z");
  }

  @Test
  void ofAnotherKeyNothingIsTold() {
    ProblemException wrong = refused(END, "old kez");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.code()).isEqualTo("unauthorized");
    assertThat(wrong.getMessage()).doesNotContain("expired", "old");
  }
}
