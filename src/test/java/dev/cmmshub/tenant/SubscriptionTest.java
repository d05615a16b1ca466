package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest {
  private static Subscription to(String to, String... events) {
    return new Subscription(
        "s", to, List.of(events), DeliveryOrder.STRICT, Optional.of(new Secret("s3cret")));
  }

  @ParameterizedTest
  @CsvSource({
    "*,                  workorder.released, true",
    "workorder.*,        workorder.released, true",
    "workorder.*,        workorder.,         true",
    "workorder.*,        part.changed,       false",
    "workorder.*,        workorderx.changed, false",
    "workorder.released, workorder.released, true",
    "workorder.released, workorder.closed,   false",
    "workorder.released, workorder.releasedx, false",
    "*.released,         workorder.released, true",
    "*.released,         released,           false",
    "work*.re*,          workorder.released, true",
    "*order.*ed,         workorder.released, true",
    "*order.*ed,         workorder.opening,  false",
  })
  void aStarStandsForAnyRun(String glob, String event, boolean wanted) {
    assertThat(to("sap", glob).wants(event)).isEqualTo(wanted);
  }

  @Test
  void oneOfManyIsEnough() {
    Subscription two = to("sap", "part.*", "workorder.released");
    assertThat(two.wants("part.changed")).isTrue();
    assertThat(two.wants("workorder.released")).isTrue();
    assertThat(two.wants("workorder.closed")).isFalse();
    assertThat(to("sap").wants("part.changed")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"workordr.*", "workorder", "event.changed", "work.*", "x*", "x*.closed"})
  void aPatternThatMatchesNothingIsRefused(String glob) {
    assertThatThrownBy(() -> to("sap", glob))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + glob + "' matches nothing: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "work*", "*.closed", "*order.*", "part.*", "p*.changed", "*d"})
  void aPatternThatMatchesSomethingIsTaken(String glob) {
    assertThat(to("sap", glob).events()).containsExactly(glob);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Work", "work order", "a.b.c", ".*", "a.", "a.b?", "[a-z]", "*\n"})
  void whatIsNoPatternIsRefused(String glob) {
    assertThatThrownBy(() -> to("sap", glob))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a pattern such as workorder.*");
  }

  @Test
  void aWebhookIsAlwaysSigned() {
    assertThat(to("https://a.example", "*").isWebhook()).isTrue();
    assertThat(to("http://a.example", "*").isWebhook()).isTrue();
    assertThat(to("sap", "*").isWebhook()).isFalse();
    assertThatThrownBy(
            () ->
                new Subscription(
                    "s", "https://a.example", List.of("*"), DeliveryOrder.STRICT, Optional.empty()))
        .hasMessageContaining("webhooks are always signed");
  }
}
