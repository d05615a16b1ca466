package dev.cmmshub.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("connector", "enabled", "parameters", "poll", "id", "to");

  @ParameterizedTest
  @CsvSource({
    "conector, 'did you mean connector? '",
    "Connector, 'did you mean connector? '",
    "connection, 'did you mean connector? '",
    "pol, 'did you mean poll? '",
    "parmeters, 'did you mean parameters? '",
    "xyz, ''",
    "something-else, ''",
  })
  void whatIsNearIsAskedForAndNothingElse(String wrong, String question) {
    assertThat(Nearest.didYouMean(wrong, KNOWN)).isEqualTo(question);
  }
}
