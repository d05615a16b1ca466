package dev.cmmshub.cli;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code ./hub subscription} shows and does. */
class SubscriptionCommandTest {
  private static final String ID = "127.0.0.1";
  private static Mill mill;

  @BeforeAll
  static void start() {
    mill = new Mill();
  }

  @AfterAll
  static void stop() {
    mill.close();
  }

  private static JsonNode first() {
    return mill.run("subscription", "list", "--tenant", "quay", "--json").json().get(0);
  }

  @Test
  void aGoneWebhookIsListedAndEnabled() {
    assertThat(first().get("state").asText()).isEqualTo("enabled");
    assertThat(first().has("since")).isFalse();
    Mill.Said early = mill.run("subscription", "enable", "quay", ID);
    assertThat(early.status()).isEqualTo(1);
    assertThat(early.err()).contains("is enabled already");

    mill.hooks().answer(one -> 410);
    String number = Mill.number();
    mill.post("quay", Mill.order(number, "1"));
    assertThat(
            eventually(
                () ->
                    first().get("state").asText().equals("gone")
                        && first().get("parked").asInt() == 1))
        .isTrue();
    assertThat(first().get("since").asText()).isNotEmpty();
    Mill.Said table = mill.run("subscription", "list");
    assertThat(table.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains("TENANT ID STATE SINCE PARKED ORDER EVENTS")
        .anyMatch(line -> line.matches("quay 127\\.0\\.0\\.1 gone .* 1 strict \\*"));

    mill.hooks().answer(one -> 204);
    Mill.Said enabled = mill.runAs("ines", "subscription", "enable", "quay", ID);
    assertThat(enabled.status()).as(enabled.err()).isZero();
    assertThat(enabled.out()).isEqualTo("Enabled 127.0.0.1 of quay." + System.lineSeparator());
    assertThat(eventually(() -> first().get("parked").asInt() == 0)).isTrue();
    assertThat(mill.hooks().taken()).anyMatch(one -> one.number().equals(number));
    assertThat(mill.run("audit", "list", "--tenant", "quay").out())
        .contains("ines", "enabled", "subscription@127.0.0.1");
    assertThat(mill.run("audit", "verify").status()).isZero();
  }

  @Test
  void whatIsNotThereIsNamed() {
    Mill.Said nobody = mill.run("subscription", "enable", "quay", "nobody");
    assertThat(nobody.status()).isEqualTo(1);
    assertThat(nobody.err()).contains("no subscription 'nobody' of tenant 'quay'", "list");
    assertThat(mill.run("subscription", "list", "--tenant", "nobody").status()).isEqualTo(2);
    assertThat(mill.run("subscription").status()).isEqualTo(2);
    assertThat(mill.run("subscription", "list", "--tenant", "mill").out())
        .startsWith("No subscriptions.");
  }
}
