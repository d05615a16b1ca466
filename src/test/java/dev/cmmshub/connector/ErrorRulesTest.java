package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Error rules as a manifest has them: which one counts, and what bad ones are told. */
class ErrorRulesTest {
  private static final String HEAD =
      """
      name: sample
      title: Sample
      version: 1
      contentTypes: [application/json]
      envelope: mappings/envelope.jslt
      sink: sample-sink
      entities: {part: {}}
      """
          .replace("{part: {}}", "{part: {fromErp: false}}");

  /** Tryton answers every error with 200. */
  private static final String TRYTON =
      """
      errors:
        - {name: lost, status: 200, body: '"error"\\s*:\\s*\\["ConcurrencyException"', verdict: later}
        - {name: refused, status: 200, body: '"error"\\s*:\\s*\\["User(Error|Warning)"', verdict: never}
        - {name: rpc-error, status: 2xx, body: '"error"\\s*:', verdict: later, class: rpc}
        - {name: teapot, status: [418, 5xx], verdict: unknown, schedule: [500ms, 2h]}
        - {name: any-refusal, body: nope, verdict: never, reason: it says so}
      """;

  @TempDir Path folder;

  private Connector read(String errors) throws IOException {
    Path sample = Files.createDirectories(folder.resolve("sample"));
    Files.writeString(sample.resolve("connector.yaml"), HEAD + errors);
    return new ConnectorFolders().read(folder).get("sample");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "200 | {\"id\":1,\"error\":[\"UserError\",[\"x\",\"\",null]]}           | refused",
        "200 | {\"id\":1,\"error\":[\"UserWarning\",[\"n\",\"x\",\"\"]]}        | refused",
        "200 | {\"id\":1,\"error\":[\"ConcurrencyException\",[\"UserError\"]]}  | lost",
        "201 | {\"id\":1,\"error\":[\"UserError\",[\"x\",\"\",null]]}           | rpc-error",
        "200 | {\"id\":1,\"result\":[7]}                                        | -",
        "200 | nope                                                             | -",
        "302 | nope                                                             | any-refusal",
        "404 | yes                                                              | -",
        "418 | ~~                                                               | teapot",
        "500 | nope                                                             | teapot",
        "599 | ~~                                                               | teapot",
        "417 | ~~                                                               | -",
      })
  void theFirstThatMatchesCounts(int status, String body, String name) throws IOException {
    assertThat(read(TRYTON).errors().match(status, body).map(ErrorRule::name).orElse("-"))
        .isEqualTo(name);
  }

  @Test
  void whatAManifestLeavesOutHasAMeaning() throws IOException {
    ErrorRules rules = read(TRYTON).errors();
    ErrorRule refused = rules.named("refused").orElseThrow();
    assertThat(refused.errorClass()).isEqualTo("refused");
    assertThat(refused.schedule()).isEmpty();
    assertThat(refused.next()).isEqualTo(ErrorRule.Next.NEVER);
    assertThat(rules.named("rpc-error").orElseThrow().errorClass()).isEqualTo("rpc");
    assertThat(rules.named("teapot").orElseThrow().schedule())
        .hasValue(List.of(Duration.ofMillis(500), Duration.ofHours(2)));
    assertThat(rules.named("gone")).isEmpty();
    assertThat(read("").errors()).isEqualTo(ErrorRules.NONE);
  }

  @Test
  void successesAreLookedAtOnlyWhereARuleNamesThem() throws IOException {
    assertThat(read(TRYTON).errors().judgeSuccess()).isTrue();
    assertThat(read("errors: [{name: r1, status: 2xx, body: x, verdict: never}]").errors())
        .matches(ErrorRules::judgeSuccess);
    assertThat(read("errors: [{name: r1, body: x, verdict: never}]").errors())
        .matches(rules -> !rules.judgeSuccess());
    assertThat(read("errors: [{name: r1, status: [301, 5xx], verdict: later}]").errors())
        .matches(rules -> !rules.judgeSuccess());
  }

  /** An expression that takes exponential time elsewhere; a body is what the outside sends. */
  @Test
  void anExpressionTakesTimeInProportionToTheBody() throws IOException {
    ErrorRules rules = read("errors: [{name: r1, body: '^(a+)+(a+)+$', verdict: never}]").errors();
    long begin = System.nanoTime();
    assertThat(rules.match(500, "a".repeat(16 << 10) + "b")).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{name: r1, verdict: later}                                | errors[0] ; status ; body",
        "{status: 400, verdict: later}                             | errors[0] ; name",
        "{name: r1, status: 400}                                   | errors[0] ; verdict",
        "{name: r1, status: 400, verdict: soon}                    | errors[0].verdict ; never ; later ; unknown",
        "{name: r1, status: 4000, verdict: later}                  | errors[0].status ; 599",
        "{name: r1, status: 7xx, verdict: later}                   | errors[0].status ; '7xx' ; 5xx",
        "{name: r1, status: [400, often], verdict: later}          | errors[0].status[1] ; 'often' ; 5xx",
        "{name: r1, status: 400, verdict: later, when: now}        | errors[0] ; when",
        "{name: r1, body: '(', verdict: later}                     | errors[0].body ; '(' ; RE2",
        "{name: r1, body: '(?=x)', verdict: later}                 | errors[0].body ; RE2",
        "{name: r1, status: 400, verdict: later, schedule: [soon]} | errors[0].schedule[0] ; 'soon' ; 500ms, 5s, 2m or 4h",
        "{name: r1, status: 400, verdict: never, schedule: [5s]}   | errors[0].schedule ; verdict: never",
        "{name: r1, status: 400, verdict: later, class: disabled}  | errors[0].class ; 'disabled'",
        "{name: timeout, status: 400, verdict: later}              | errors[0].name ; 'timeout'",
        "{name: R1, status: 400, verdict: later}                   | errors[0].name ; 'R1' ; a-z",
        "{name: r1, status: 400, verdict: later}, {name: r1, status: 500, verdict: later} | errors[1].name ; 'r1' ; no other rule",
      })
  void aBadRuleIsToldWithFileFieldAndWhatWasExpected(String rules, String words) {
    assertThatThrownBy(() -> read("errors: [" + rules + "]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Path.of("sample", "connector.yaml").toString())
        .hasMessageContainingAll(words.split(" ; "));
  }
}
