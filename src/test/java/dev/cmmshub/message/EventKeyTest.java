package dev.cmmshub.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventKeyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"4711", "a|b", "||", " x ", "WO/2026-1", "M\u00fcller \ud83d\ude00", "x\ny"})
  void textAndKeyAreInverse(String externalId) {
    EventKey key = new EventKey("acme", "sap", "workorder", externalId);
    assertThat(EventKey.parse(key.toString())).isEqualTo(key);
    assertThat(key).hasToString("acme|sap|workorder|" + externalId);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "acme",
        "acme|sap",
        "acme|sap|workorder",
        "acme|sap|workorder|",
        "|sap|workorder|1",
        "acme||workorder|1",
        "Acme|sap|workorder|1",
        "acme|sap|work order|1",
        "acme|-sap|part|1",
        "acme|s\u00e4p|part|1",
        "acme|sap|part|   ",
      })
  void anythingElseIsNoKey(String text) {
    assertThatThrownBy(() -> EventKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthsAreBounded() {
    String longest = "x".repeat(255);
    assertThat(new EventKey("a".repeat(40), "s", "e", longest).externalId()).isEqualTo(longest);
    assertThatThrownBy(() -> new EventKey("acme", "s", "e", longest + "x"))
        .hasMessageContaining("1 to 255 characters");
    assertThatThrownBy(() -> new EventKey("a".repeat(41), "s", "e", "1"))
        .hasMessageContaining("1 to 40 characters");
  }

  @Test
  void theSourceNamesTenantAndSystem() {
    assertThat(new EventKey("acme", "sap", "part", "1").source())
        .isEqualTo("/tenants/acme/systems/sap");
  }
}
