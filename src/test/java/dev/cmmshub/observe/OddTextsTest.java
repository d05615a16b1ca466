package dev.cmmshub.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a shard could not take is refused or means what it says; it is no shard that is away. */
class OddTextsTest {
  private static final TestHub HUB = TestHub.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "updatedSince=%2B999999999-12-31T23:59:59Z",
        "updatedSince=-0001-01-01T00:00:00Z",
        // +999999999-12-31T23:59:59Z|10000000-0000-4000-8000-000000000001
        "cursor=Kzk5OTk5OTk5OS0xMi0zMVQyMzo1OTo1OVp8MTAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAx"
      })
  void soIsATimeThatNoShardKnows(String query) {
    assertThat(HUB.get("/v1/asset?" + query, "river").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /admin/v1/dead-letters/count?newer=999999999d, '', 200",
    "GET /admin/v1/dead-letters/count?older=999999999d, '', 200",
    "GET /admin/v1/dead-letters?newer=597265053h, '', 200",
    "GET /admin/v1/dead-letters?text=a%00b, '', 400",
    "GET /admin/v1/dead-letters?subscription=%00, '', 400",
    "POST /admin/v1/dead-letters/replay?all=true&run=none, '', 400",
    "GET /admin/v1/replays/1-2-3-4-5, '', 400",
    "GET /admin/v1/audit?target=%00, '', 400",
    "GET /admin/v1/dead-letters/1200d27d@%00, '', 400",
    "POST /admin/v1/dead-letters/1200d27d/discard, '{\"reason\":\"a\\u0000b\"}', 400",
    "POST /admin/v1/dead-letters/discard?all=true&confirm=true, '{\"reason\":\"\\u0000\"}', 400",
    "POST /admin/v1/dead-letters/discard?all=true, '{\"reason\":\"\"}', 400",
    "POST /admin/v1/dead-letters/discard?all=true, '{\"reason\":7}', 400",
    "POST /admin/v1/dead-letters/discard?all=true, '', 400",
    "POST /admin/v1/dead-letters/discard?all=true, '{\"reason\":\"old\"}', 200",
    "POST /admin/v1/subscriptions/river/cmms%00/enable, '', 400",
    "POST /admin/v1/subscriptions/%00/cmms/enable, '', 400",
  })
  void isAnswered(String operation, String body, int status) {
    String[] words = operation.split(" ");
    HttpRequest.Builder request =
        HUB.adminRequest(TestAdmins.OPERATOR, words[1])
            .header("Content-Type", "application/json")
            .method(words[0], HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<String> answer = HUB.send(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }
}
