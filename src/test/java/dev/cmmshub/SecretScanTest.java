package dev.cmmshub;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The scan finds what is there. */
class SecretScanTest {
  private static final String SECRET = "hub_what-nobody-may-log";

  @Test
  void aSecretInALogLineOrItsErrorFailsTheClassOnce() {
    SecretScan.listen();
    SecretScan.keep(List.of(SECRET));
    LoggerFactory.getLogger("a.logger").warn("the key is {}", SECRET);
    assertThatThrownBy(SecretScan::scanLog)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("stands in the log")
        .hasMessageNotContaining(SECRET);
    LoggerFactory.getLogger("a.logger").warn("no", new IllegalStateException(SECRET));
    assertThatThrownBy(SecretScan::scanLog).isInstanceOf(AssertionError.class);
    assertThatCode(SecretScan::scanLog).doesNotThrowAnyException();
  }

  @Test
  void soDoesOneInAMetric() {
    SecretScan.keep(List.of(SECRET));
    assertThatThrownBy(() -> SecretScan.none("/q/metrics", "hub_x{key=\"" + SECRET + "\"} 1"))
        .hasMessageContaining("/q/metrics");
  }
}
