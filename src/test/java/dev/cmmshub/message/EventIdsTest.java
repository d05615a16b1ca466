package dev.cmmshub.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The values themselves: another one would make duplicates of everything sent before. */
class EventIdsTest {
  private static final EventKey KEY = new EventKey("acme", "sap", "workorder", "4711");

  @Test
  void anIdStaysTheSameFromReleaseToRelease() {
    assertThat(EventIds.ofVersion(KEY, 7)).hasToString("fac02ea8-1b97-5d47-9d29-8083b52e7564");
    assertThat(EventIds.ofObject(KEY)).hasToString("ae0363cd-c289-506b-afd1-9141819fc3be");
    assertThat(EventIds.ofIdempotencyKey("acme", KEY.source(), "k-1"))
        .hasToString("bca939cf-ffdb-5d12-8fb4-43786de3eef5");
  }

  @Test
  void everyPartOfTheKeyCounts() {
    Stream<UUID> ids =
        Stream.of(
            EventIds.ofVersion(KEY, 7),
            EventIds.ofVersion(KEY, 8),
            EventIds.ofVersion(new EventKey("acme2", "sap", "workorder", "4711"), 7),
            EventIds.ofVersion(new EventKey("acme", "sap2", "workorder", "4711"), 7),
            EventIds.ofVersion(new EventKey("acme", "sap", "part", "4711"), 7),
            EventIds.ofVersion(new EventKey("acme", "sap", "workorder", "471"), 17),
            EventIds.ofVersion(new EventKey("acme", "sap", "workorder", "4711|7"), 7),
            EventIds.ofIdempotencyKey("acme", KEY.source(), "k-1"),
            EventIds.ofIdempotencyKey("acme", KEY.source(), "k-2"),
            EventIds.ofIdempotencyKey("acme2", KEY.source(), "k-1"),
            EventIds.ofObject(KEY));
    assertThat(ids.toList()).doesNotHaveDuplicates().allMatch(id -> id.version() == 5);
  }
}
