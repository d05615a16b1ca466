package dev.cmmshub.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.NOPLoggingEventBuilder;

class LogShareTest {
  private final AtomicLong now = new AtomicLong();
  private final LogShare share =
      new LogShare(LoggerFactory.getLogger(LogShareTest.class), now::get);

  private int written(String tenant, int lines) {
    int written = 0;
    for (int i = 0; i < lines; i++) {
      written += share.at(Level.WARN, tenant) instanceof NOPLoggingEventBuilder ? 0 : 1;
    }
    return written;
  }

  @Test
  void aTenantThatFloodsTheLogHasItsShareASecondAndOthersHaveTheirs() {
    assertThat(written("loud", 1000)).isEqualTo(LogShare.LINES);
    assertThat(written("quiet", 3)).isEqualTo(3);
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(written("loud", 1000)).isEqualTo(LogShare.LINES);
  }

  @Test
  void aLevelThatIsOffTakesNothingOfTheShare() {
    for (int i = 0; i < 1000; i++) {
      share.at(Level.TRACE, "loud");
    }
    assertThat(written("loud", 1)).isEqualTo(1);
  }
}
