package dev.cmmshub.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.Tenants.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One node by itself. Rates are so low that nothing is refilled while a test runs. */
class LimiterTest {
  private static final int MB = 1 << 20;

  private final List<String> refused = new ArrayList<>();
  private boolean behind;
  private final Limiter limiter = new Limiter(new Observing(refused), tenant -> behind);

  /** The hundredth request a second and more waits, so tests need not hurry. */
  private static Limits limits(int burst, int inFlight) {
    return new Limits(2 * MB, 1, burst, 2 * MB, inFlight, 100);
  }

  private int granted(Identity identity, int requests, long size) {
    return (int)
        IntStream.range(0, requests)
            .mapToObj(i -> limiter.enter(identity, size))
            .filter(Admission.Granted.class::isInstance)
            .count();
  }

  @Test
  void oneTenantsFloodTakesNothingFromAnother() {
    assertThat(granted(Identities.of("flood", limits(20, 1000)), 500, 0)).isBetween(20, 25);
    assertThat(granted(Identities.of("quiet", limits(20, 1000)), 20, 0)).isEqualTo(20);
    assertThat(refused).contains("flood requests").doesNotContain("quiet requests");
  }

  @Test
  void whatIsBeingWorkedOnIsBoundedAndAPlaceThatWasLeftIsFree() {
    Identity tenant = Identities.of("busy", limits(1000, 2));
    Admission.Granted first = (Admission.Granted) limiter.enter(tenant, 0);
    limiter.enter(tenant, 0);
    Admission third = limiter.enter(tenant, 0);
    assertThat(third).isInstanceOf(Admission.Refused.class);
    assertThat(third.state()).isEqualTo("\"in-flight\";r=0;t=1");
    first.leave();
    assertThat(granted(tenant, 1, 0)).isEqualTo(1);
    assertThat(granted(tenant, 1, 0)).isZero();
  }

  @Test
  void bytesAreBoundedAndWhatTheyRefuseCostsNoRequest() {
    Identity tenant = Identities.of("heavy", new Limits(MB, 1, 100, MB, 1000, 100));
    assertThat(granted(tenant, 20, MB / 2)).isBetween(2, 10);
    assertThat(refused).containsOnly("heavy bytes");
    assertThat(granted(tenant, 90, 0)).isEqualTo(90);
  }

  /** It gets 413 later; meanwhile it must not be told to come again for ever. */
  @Test
  void aBodyThatIsTooLargeIsNotRefusedForItsWeight() {
    Identity tenant = Identities.of("large", new Limits(MB, 10, 10, 1, 1000, 100));
    assertThat(granted(tenant, 1, 9L * MB)).isEqualTo(1);
  }

  @Test
  void aKeyHasItsOwnLimitsBelowThoseOfItsTenant() {
    Limits all = limits(10, 1000);
    Identity slow = Identities.of("acme", all, "slow", limits(3, 1000));
    Identity other = Identities.of("acme", all);
    assertThat(granted(slow, 50, 0)).isBetween(3, 5);
    assertThat(granted(other, 50, 0)).isBetween(5, 9);
    assertThat(refused).containsOnly("acme requests");
  }

  @Test
  void whatTheTenantRefusesIsNotTakenFromItsKey() {
    Limits all = new Limits(MB, 1, 5, 100L * MB, 5, 100);
    Identity key = Identities.of("bolt", all, "fast", limits(20, 20));
    assertThat(granted(key, 100, 1)).isEqualTo(5);
    // The tenant gets more, the key is the same: it has lost what was granted, no more.
    Identity raised = Identities.of("bolt", limits(1000, 1000), "fast", limits(20, 20));
    assertThat(granted(raised, 100, 1)).isBetween(15, 18);
  }

  @Test
  void otherLimitsCountAtOnce() {
    assertThat(granted(Identities.of("grown", limits(5, 1000)), 50, 0)).isBetween(5, 8);
    assertThat(granted(Identities.of("grown", limits(50, 1000)), 50, 0)).isEqualTo(50);
  }

  @Test
  void aRefusalTellsWhenToComeAgain() {
    Identity tenant = Identities.of("late", new Limits(100L * MB, 10, 10, MB, 1000, 100));
    assertThat(granted(tenant, 1, 100L * MB)).isEqualTo(1);
    Admission.Refused now = (Admission.Refused) limiter.enter(tenant, 20L * MB);
    assertThat(now.retryAfterSeconds()).isBetween(10, 20);
    assertThat(now.state()).isEqualTo("\"bytes\";r=0;t=" + now.retryAfterSeconds());
    assertThat(now.policy())
        .isEqualTo(
            "\"requests\";q=10;w=1, \"bytes\";q=1048576;w=1;qu=\"content-bytes\","
                + " \"in-flight\";q=1000;qu=\"concurrent-requests\", \"backlog\";q=100;qu=\"waiting-events\"");
  }

  @Test
  void whileTooMuchWaitsNothingMoreIsTakenButQuestionsAreAnswered() {
    Identity tenant = Identities.of("behind", limits(10, 10));
    behind = true;
    Admission post = limiter.enter(tenant, 10);
    assertThat(post).isInstanceOf(Admission.Refused.class);
    assertThat(post.state()).isEqualTo("\"backlog\";r=0;t=2");
    assertThat(refused).containsExactly("behind backlog");
    assertThat(limiter.enter(tenant, 0)).isInstanceOf(Admission.Granted.class);
    behind = false;
    assertThat(limiter.enter(tenant, 10)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void thePeakIsThatOfTheBusiestSecondOfTheLastHour() {
    Identity tenant = Identities.of("busy", limits(1000, 1000));
    granted(tenant, 30, 100);
    limiter.endSecond(1);
    granted(tenant, 10, 200);
    limiter.endSecond(2);
    assertThat(limiter.peak("busy")).isEqualTo(new Peak(30, 3000, 40, 200));
    limiter.endSecond(3000);
    assertThat(limiter.peak("busy").requests()).isEqualTo(30);
    limiter.endSecond(3601);
    assertThat(limiter.peak("busy")).isEqualTo(Peak.NONE);
    assertThat(limiter.peak("nobody")).isEqualTo(Peak.NONE);
  }

  @Test
  void whatIsRefusedIsNoPeakAndAChangeOfLimitsForgetsNone() {
    granted(Identities.of("busy", limits(20, 1000)), 500, 0);
    granted(Identities.of("busy", limits(2, 1000)), 500, 0);
    limiter.endSecond(1);
    assertThat(limiter.peak("busy").requests()).isBetween(22L, 30L);
  }
}
