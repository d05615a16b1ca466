package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.tenant.FlowStage;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real shard knows of flows. */
class FlowRowsTest {
  private static final Instant NOW = Instant.parse("2026-03-27T12:30:00Z");

  private final Flow flow =
      new Flow(StoreServers.newTenantId(), FlowStage.APPLIED, "sap", "workorder");

  private <T> T in(Shard.Work<T> work) throws SQLException {
    return StoreServers.shard().transaction(List.of(flow.tenant()), work);
  }

  private void add(Instant last, long events, int minutes) throws SQLException {
    in(
        connection -> {
          FlowRows.add(connection, List.of(new FlowRows.Tally(flow, last, events, minutes)));
          return null;
        });
  }

  private boolean isMissed(Instant now, double minutes) throws SQLException {
    return in(connection -> FlowRows.missed(connection, now, minutes)).stream()
        .anyMatch(state -> state.flow().equals(flow));
  }

  /** So many minutes in each of the last hours of so many weeks before. */
  private void history(int weeks, int hours, int minutes) throws SQLException {
    for (int week = weeks; week > 0; week--) {
      for (int hour = hours; hour >= 0; hour--) {
        add(NOW.minus(Duration.ofDays(7L * week)).minus(Duration.ofHours(hour)), 100, minutes);
      }
    }
  }

  @Test
  void theLatestSuccessCounts() throws SQLException {
    add(NOW, 3, 1);
    add(NOW.minusSeconds(60), 2, 1);
    assertThat(in(FlowRows::all)).containsExactly(new FlowRows.State(flow, NOW));
    assertThat(in(FlowRows::all).get(0).flow().stage()).isEqualTo(FlowStage.APPLIED);
  }

  /**
   * Since the last success, two hours and a half ago, so many of the hours' minutes are missing.
   */
  @ParameterizedTest
  @CsvSource({
    "60, 149, true",
    "60, 151, false",
    "6, 14, true",
    "6, 16, false",
    // More nodes than one may count the same minute.
    "90, 151, false"
  })
  void whatIsUsualIsMissed(int minutes, double missing, boolean missed) throws SQLException {
    history(3, 4, minutes);
    add(NOW.minus(Duration.ofMinutes(150)), 1, 1);
    assertThat(isMissed(NOW, missing)).isEqualTo(missed);
  }

  @Test
  void anHourThatWasQuietInOneWeekExpectsNothing() throws SQLException {
    history(3, 4, 60);
    in(
        connection ->
            connection
                .createStatement()
                .executeUpdate(
                    "DELETE FROM flow_hour WHERE hour >= '2026-03-20T09:00:00Z'"
                        + " AND hour < '2026-03-21T00:00:00Z'"));
    add(NOW.minus(Duration.ofMinutes(150)), 1, 1);
    assertThat(isMissed(NOW, 1)).isFalse();
  }

  @Test
  void oneWeekTellsNothing() throws SQLException {
    history(1, 4, 60);
    add(NOW.minus(Duration.ofMinutes(150)), 1, 1);
    assertThat(isMissed(NOW, 1)).isFalse();
  }

  @Test
  void whoIsSilentForAWeekIsNotMissedAnyMore() throws SQLException {
    history(3, 4, 60);
    assertThat(isMissed(NOW, 1)).isFalse();
    assertThat(isMissed(NOW.minus(Duration.ofDays(1)), 1)).isTrue();
  }

  @Test
  void oldHoursAreForgotten() throws SQLException {
    history(3, 1, 60);
    add(NOW.minus(Duration.ofMinutes(60)), 1, 1);
    in(
        connection -> {
          FlowRows.forget(connection, NOW.minus(Duration.ofDays(1)));
          return null;
        });
    assertThat(isMissed(NOW, 1)).isFalse();
  }

  @Test
  void othersDoNotSeeIt() throws SQLException {
    add(NOW, 1, 1);
    assertThat(StoreServers.shard().transaction(List.of("somebody-else"), FlowRows::all)).isEmpty();
  }
}
