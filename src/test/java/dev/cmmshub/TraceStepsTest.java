package dev.cmmshub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceStepsTest {
  private static boolean isOn(Map<String, String> settings) {
    Closing closing = new Closing();
    try {
      HubSettings all = HubSettings.load(Path.of("none"), Map.of(), settings);
      return new TraceSteps(all, closing).traces().isOn();
    } finally {
      closing.close();
    }
  }

  @Test
  void withoutAnEndpointNoTracesAreMade() {
    assertThat(isOn(Map.of())).isFalse();
    assertThat(isOn(Map.of("hub.traces.endpoint", "http://127.0.0.1:9"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "hub.traces.endpoint, collector:4318",
    "hub.traces.endpoint, ftp://collector:4318",
    "hub.traces.endpoint, http://user:secret@collector:4318",
    "hub.traces.endpoint, http://:4318",
    "hub.traces.ratio, 10 %",
    "hub.traces.ratio, 1.01",
    "hub.traces.ratio, -0.1",
    "hub.traces.ratio, NaN",
    "hub.traces.callers-decide, maybe"
  })
  void aSettingThatDoesNotFitStopsTheStart(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> isOn(Map.of(name, value)))
        .withMessageStartingWith(name + ": ")
        .withMessageContaining("expected");
  }
}
