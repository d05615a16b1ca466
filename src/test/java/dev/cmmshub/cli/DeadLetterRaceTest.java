package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Two operators at once, and what the audit says of it. */
class DeadLetterRaceTest {
  private static final byte[] REASON = "{\"reason\":\"x\"}".getBytes(StandardCharsets.UTF_8);
  private static Mill mill;

  @BeforeAll
  static void start() {
    mill = new Mill();
  }

  @AfterAll
  static void stop() {
    mill.close();
  }

  /** What two operators get who ask at the same moment. */
  private static List<HttpResponse<String>> race(
      Function<String, HttpResponse<String>> one, Function<String, HttpResponse<String>> other)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<HttpResponse<String>>> asked = new ArrayList<>();
      asked.add(threads.submit(() -> at(start, one, "ann")));
      asked.add(threads.submit(() -> at(start, other, "bob")));
      return List.of(asked.get(0).get(), asked.get(1).get());
    } finally {
      threads.shutdown();
    }
  }

  private static HttpResponse<String> at(
      CyclicBarrier start, Function<String, HttpResponse<String>> ask, String operator)
      throws Exception {
    start.await();
    return ask.apply(operator);
  }

  private static void oneWins(List<HttpResponse<String>> answers, String told) {
    assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 409);
    assertThat(answers).anyMatch(answer -> answer.body().contains(told));
  }

  @RepeatedTest(3)
  void ofTwoEditsOneWins() throws Exception {
    String number = Mill.number();
    String id = mill.dead("mill", number);
    Function<String, HttpResponse<String>> edit =
        operator ->
            mill.ask(
                "PUT",
                "/" + id + "/payload",
                operator,
                "\"0\"",
                Mill.order(number, operator.equals("ann") ? "1" : "2"));
    oneWins(race(edit, edit), "edited meanwhile");
    assertThat(mill.sql("SELECT version FROM dead_letter_edit WHERE event_id = '" + id + "'"))
        .containsExactly("1");
  }

  @RepeatedTest(3)
  void ofTwoReplaysOneWins() throws Exception {
    String id = mill.dead("mill", Mill.number());
    mill.ask("PUT", "/" + id + "/payload", "ann", "0", Mill.order(Mill.number(), "3"));
    Function<String, HttpResponse<String>> replay =
        operator -> mill.ask("POST", "/" + id + "/replay", operator, "", new byte[0]);
    oneWins(race(replay, replay), "replayed by");
  }

  @RepeatedTest(3)
  void ofTwoDiscardsOneWins() throws Exception {
    String id = mill.dead("mill", Mill.number());
    Function<String, HttpResponse<String>> discard =
        operator -> mill.ask("POST", "/" + id + "/discard", operator, "", REASON);
    oneWins(race(discard, discard), "discarded by");
    assertThat(mill.sql("SELECT 1 FROM discarded_letter WHERE event_id = '" + id + "'")).hasSize(1);
  }

  @RepeatedTest(3)
  void ofAReplayAndADiscardOneWins() throws Exception {
    String number = Mill.number();
    String id = mill.dead("mill", number);
    mill.ask("PUT", "/" + id + "/payload", "ann", "0", Mill.order(number, "3"));
    oneWins(
        race(
            operator -> mill.ask("POST", "/" + id + "/replay", operator, "", new byte[0]),
            operator -> mill.ask("POST", "/" + id + "/discard", operator, "", REASON)),
        "no dead letter any more");
  }

  @RepeatedTest(3)
  void ofAnEditAndADiscardOfWhatWasSeenOneWins() throws Exception {
    String number = Mill.number();
    String id = mill.dead("mill", number);
    byte[] mended = Mill.order(number, "3");
    List<HttpResponse<String>> answers =
        race(
            operator -> mill.ask("PUT", "/" + id + "/payload", operator, "\"0\"", mended),
            operator -> mill.ask("POST", "/" + id + "/discard", operator, "\"0\"", REASON));
    assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 409);
    assertThat(mill.sql("SELECT 1 FROM discarded_letter WHERE event_id = '" + id + "'"))
        .hasSize(answers.get(1).statusCode() == 200 ? 1 : 0);
  }

  @Test
  void whatWasEditedSinceItWasSeenIsNeitherReplayedNorDiscarded() {
    String number = Mill.number();
    String id = mill.dead("mill", number);
    mill.ask("PUT", "/" + id + "/payload", "ann", "0", Mill.order(number, "3"));
    Mill.Said discarded =
        mill.runAs("bob", "dead-letter", "discard", id, "--reason", "x", "--if-version", "0");
    assertThat(discarded.status()).isEqualTo(1);
    assertThat(discarded.err()).contains("edited meanwhile", "it has version 1", "version 0");
    assertThat(mill.run("dead-letter", "replay", id, "--if-version", "0").err())
        .contains("edited meanwhile");
    assertThat(mill.status("mill", id)).isEqualTo("dead-lettered");
    assertThat(mill.run("dead-letter", "replay", "--all", "--if-version", "0").err())
        .contains("--if-version is of one");
    assertThat(mill.ask("POST", "/" + id + "/replay", "ann", "newest", new byte[0]).body())
        .contains("If-Match: expected a version");
    assertThat(mill.run("dead-letter", "replay", id, "--if-version", "1").status()).isZero();
  }

  @Test
  void whichVersionAndWhyMustBeSaid() {
    String id = mill.dead("mill", Mill.number());
    HttpResponse<String> blind =
        mill.ask("PUT", "/" + id + "/payload", "ann", "", Mill.order(Mill.number(), "1"));
    assertThat(blind.statusCode()).isEqualTo(428);
    HttpResponse<String> why = mill.ask("POST", "/" + id + "/discard", "ann", "", new byte[0]);
    assertThat(why.statusCode()).isEqualTo(400);
    assertThat(why.body()).contains("\"code\":\"reason\"");
    assertThat(mill.status("mill", id)).isEqualTo("dead-lettered");
  }

  @Test
  void theAuditIsWholeUntilSomebodyAltersIt() {
    String id = mill.dead("mine", Mill.number());
    mill.run("dead-letter", "discard", id, "--reason", "one");
    String next = mill.dead("mine", Mill.number());
    mill.run("dead-letter", "discard", next, "--reason", "two");
    Mill.Said whole = mill.run("audit", "verify");
    assertThat(whole.status()).as(whole.out()).isZero();
    assertThat(whole.out()).contains("mine", "whole", "The audit is whole.");

    String alter = "UPDATE audit SET operator = '%s' WHERE tenant_id = 'mine' AND seq = 1";
    mill.sql(alter.formatted("eve"));
    Mill.Said broken = mill.run("audit", "verify");
    assertThat(broken.status()).isEqualTo(1);
    assertThat(broken.out()).contains("row 1: its content is not what was hashed", "broken");
    assertThat(mill.run("audit", "verify", "--tenant", "mill").status()).isZero();
    mill.sql(alter.formatted("ann"));
    assertThat(mill.run("audit", "verify").status()).isZero();
  }
}
