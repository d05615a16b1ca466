package dev.cmmshub.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.gateway.throttle.Peak;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitWarningsTest {
  private static final Peak PEAK = new Peak(42, 5000, 7, 900);

  private static Tenants with(Limits limits) {
    return new Tenants(
        List.of(
            new Tenant(
                "acme",
                true,
                List.of(),
                Map.of(),
                List.of(),
                Map.of(),
                RetryPolicy.DEFAULT,
                limits,
                List.of(),
                Optional.empty())));
  }

  private static List<String> warnings(int nodes, Limits limits) {
    return new LimitWarnings(name -> name.equals("acme") ? PEAK : null, nodes)
        .of(with(Limits.DEFAULT), with(limits)).stream()
            .map(warning -> warning.tenant() + ": " + warning.detail())
            .toList();
  }

  @Test
  void eachLoweredLimitBelowThePeakIsNamed() {
    assertThat(warnings(1, new Limits(800, 10, 20, 4000, 5, 50_000)))
        .containsExactly(
            "acme: limit requestsPerSecond 10 is below the peak of 42 in the last hour: would refuse",
            "acme: limit bytesPerSecond 4000 is below the peak of 5000 in the last hour: would refuse",
            "acme: limit inFlight 5 is below the peak of 7 in the last hour: would refuse",
            "acme: limit maxBody 800 is below the peak of 900 in the last hour: would refuse");
  }

  @Test
  void aBurstThatCoversThePeakIsSaid() {
    assertThat(warnings(1, new Limits(2 << 20, 10, 100, 50 << 20, 5000, 50_000)))
        .containsExactly(
            "acme: limit requestsPerSecond 10 is below the peak of 42 in the last hour:"
                + " would refuse once the burst of 100 is used up");
  }

  @Test
  void ofSeveralNodesEachIsTakenToBeUsedAsThisOne() {
    assertThat(warnings(3, new Limits(2 << 20, 100, 110, 50 << 20, 6, 50_000)))
        .containsExactly(
            "acme: limit requestsPerSecond 100 is below the peak of about 126 in the last hour"
                + " (that of this node times 3): would refuse",
            "acme: limit inFlight 6 is below the peak of 7 in the last hour: would refuse");
    assertThat(warnings(3, new Limits(2 << 20, 126, 130, 50 << 20, 7, 50_000))).isEmpty();
  }
}
