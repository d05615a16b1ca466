package dev.cmmshub.cli;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator can do with dead letters, on the command line against a real hub. */
class DeadLetterCommandTest {
  private static Mill mill;

  @BeforeAll
  static void start() {
    mill = new Mill();
  }

  @AfterAll
  static void stop() {
    mill.close();
  }

  @BeforeEach
  void breakMapping() {
    mill.hooks().answer(one -> 204);
    mill.breakMapping();
  }

  private static Path file(byte[] payload) throws IOException {
    return Files.write(Files.createTempFile(mill.folder(), "payload", ".json"), payload);
  }

  private static Mill.Said edit(String id, byte[] payload) throws IOException {
    return mill.runAs("zoe", "dead-letter", "edit", id, "--file", file(payload).toString());
  }

  private static JsonNode shown(String id) {
    Mill.Said said = mill.run("dead-letter", "show", id, "--json");
    assertThat(said.status()).as(said.err()).isZero();
    return said.json();
  }

  @Test
  void aPayloadIsLookedAtEditedAndReplayed() throws IOException {
    String number = Mill.number();
    String id = mill.dead("mill", number);
    String prefix = id.substring(0, 8);

    JsonNode before = shown(prefix);
    assertThat(before.get("then").toString()).contains("mapping", "priority X is not known");
    assertThat(before.get("now").toString()).contains("false", "priority X is not known");
    assertThat(before.get("history").findValuesAsText("step")).containsExactly("dead-lettered");
    assertThat(before.get("attributes").get("subject").asText()).isEqualTo("workorder/" + number);
    assertThat(before.get("payload").get("text").asText().getBytes(StandardCharsets.UTF_8))
        .isEqualTo(Mill.order(number, Mill.BAD_PRIORITY));

    Mill.Said malformed = edit(prefix, "{\"d\": {\n\"a\": }".getBytes(StandardCharsets.UTF_8));
    assertThat(malformed.status()).isEqualTo(1);
    assertThat(malformed.err()).contains("not valid JSON", "line 2", "the old one is kept");
    Mill.Said unmapped = edit(prefix, Mill.order(number + "b", Mill.BAD_PRIORITY));
    assertThat(unmapped.err()).contains("priority X is not known");
    String unfit =
        new String(Mill.order(number, "Q"), StandardCharsets.UTF_8)
            .replace("\"MaintPriority\":\"Q\"", "\"MaintPriority\":{\"not\":\"a text\"}");
    Mill.Said schema = edit(prefix, unfit.getBytes(StandardCharsets.UTF_8));
    assertThat(schema.status()).isEqualTo(1);
    assertThat(schema.err()).contains("/priority", "string expected");
    assertThat(shown(prefix).get("version").asInt()).isZero();

    Mill.Said good = edit(prefix, Mill.order(number, "2"));
    assertThat(good.status()).as(good.err()).isZero();
    assertThat(good.out()).contains("version 1", "./hub dead-letter replay");
    JsonNode after = shown(prefix);
    assertThat(after.get("now").get("accepted").asBoolean()).isTrue();
    assertThat(after.get("now").get("result").get("priority").asText()).isEqualTo("2");
    assertThat(after.get("original").get("text")).isEqualTo(before.get("payload").get("text"));

    Mill.Said replay = mill.run("dead-letter", "replay", prefix);
    assertThat(replay.status()).as(replay.out() + replay.err()).isZero();
    assertThat(replay.out()).contains("1 of 1 passed");
    assertThat(mill.priority("mill", number)).isEqualTo("2");
    assertThat(mill.status("mill", id)).isEqualTo("applied");
    Mill.Said again = mill.run("dead-letter", "replay", prefix);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("no dead letter any more", "replayed by ann");

    Mill.Said audit = mill.run("audit", "list", "--target", id);
    assertThat(audit.out()).contains("zoe", "edited", "ann", "replayed");
    assertThat(mill.sql("SELECT convert_from(replaced, 'UTF8') FROM dead_letter_edit"))
        .contains(before.get("payload").get("text").asText());
  }

  @Test
  void whatPeopleSeeHasThenNowAndThePayloadLaidOut() {
    String id = mill.dead("mill", Mill.number());
    String out = mill.run("dead-letter", "show", id).out();
    assertThat(out)
        .contains("Dead letter " + id, "Then  mapping: ", "Now   mapping: ", "History")
        .contains("\"MaintPriority\" : \"X\"")
        .doesNotContain("\u001b");
    mill.mendMapping();
    assertThat(mill.run("dead-letter", "show", id).out())
        .contains("Now   accepted", "\"priority\" : \"1\"");
  }

  @Test
  void aMendedMappingHealsAllThatFailedBecauseOfIt() {
    List<String> numbers = List.of(Mill.number(), Mill.number(), Mill.number());
    List<String> ids = numbers.stream().map(number -> mill.dead("mine", number)).toList();
    String other = mill.dead("mill", Mill.number());
    String[] replay = {
      "dead-letter", "replay", "--error-class", "mapping", "--system", "sap", "--tenant", "mine"
    };

    Mill.Said dry = mill.run(replay);
    assertThat(dry.status()).isZero();
    assertThat(dry.out()).contains("mapping", "Nothing was done", "--yes");
    assertThat(ids).allMatch(id -> mill.status("mine", id).equals("dead-lettered"));

    Mill.Said early = mill.run(with(replay, "--yes", "--rate", "100"));
    assertThat(early.status()).isEqualTo(1);
    assertThat(early.out()).contains("0 of ", "failed again", "priority X is not known", "mapping");
    assertThat(early.err()).contains(" run");
    assertThat(shown(ids.get(0)).get("replay").asInt()).isEqualTo(1);

    mill.mendMapping();
    Mill.Said healed = mill.run(with(replay, "--yes", "--json"));
    assertThat(healed.status()).as(healed.out() + healed.err()).isZero();
    assertThat(healed.json().get("passed").asInt()).isEqualTo(healed.json().get("putBack").asInt());
    assertThat(numbers).allMatch(number -> mill.priority("mine", number).equals("1"));
    assertThat(mill.status("mill", other)).as("of another tenant").isEqualTo("dead-lettered");
    assertThat(mill.run("dead-letter", "list", "--tenant", "mine").out()).contains("No dead");
  }

  private static String[] with(String[] words, String... more) {
    return java.util.stream.Stream.of(words, more)
        .flatMap(java.util.Arrays::stream)
        .toArray(String[]::new);
  }

  @Test
  void aRateIsKept() {
    for (int i = 0; i < 6; i++) {
      mill.dead("mine", Mill.number());
    }
    mill.mendMapping();
    long begin = System.nanoTime();
    Mill.Said said = mill.run("dead-letter", "replay", "--tenant", "mine", "--rate", "2", "--yes");
    assertThat(said.status()).as(said.out() + said.err()).isZero();
    assertThat(System.nanoTime() - begin).isGreaterThan(2_400_000_000L);
    assertThat(said.err().lines().count()).as("progress as lines").isGreaterThan(2);
  }

  @Test
  void discardingNeedsAReasonAndKeepsTheLetter() {
    String id = mill.dead("mill", Mill.number());
    assertThat(mill.run("dead-letter", "discard", id).status()).isEqualTo(2);
    assertThat(mill.run("dead-letter", "discard", id, "--reason", " ").status()).isEqualTo(2);
    assertThat(mill.status("mill", id)).isEqualTo("dead-lettered");

    Mill.Said said = mill.runAs("bob", "dead-letter", "discard", id, "--reason", "a test order");
    assertThat(said.status()).as(said.err()).isZero();
    assertThat(mill.status("mill", id)).isEqualTo("discarded");
    assertThat(
            mill.sql(
                "SELECT discarded_by || ': ' || discard_reason || octet_length(data)"
                    + " FROM discarded_letter WHERE event_id = '"
                    + id
                    + "'"))
        .containsExactly("bob: a test order" + Mill.order("M12345678", "X").length);
    assertThat(mill.run("audit", "list", "--target", id).out())
        .contains("bob", "discarded", "a test order");
    assertThat(mill.run("dead-letter", "show", id).err()).contains("discarded by bob");
  }

  @Test
  void discardingByFilterCountsFirst() {
    String number = Mill.number();
    String id = mill.dead("mill", number);
    String[] discard = {"dead-letter", "discard", "--text", number, "--reason", "gone"};
    assertThat(mill.run(discard).out()).contains("Nothing was done", "--yes");
    assertThat(mill.status("mill", id)).isEqualTo("dead-lettered");
    assertThat(mill.run(with(discard, "--yes")).out()).contains("Discarded 1 dead letters.");
    assertThat(mill.status("mill", id)).isEqualTo("discarded");
    assertThat(mill.run(discard).out()).contains("Nothing to discard.");
  }

  @Test
  void neitherIdNorFilterIsNotEverything() {
    assertThat(mill.run("dead-letter", "replay", "--yes").status()).isEqualTo(2);
    assertThat(mill.run("dead-letter", "replay", "1234abcd", "--all").status()).isEqualTo(2);
    assertThat(mill.run("dead-letter", "discard", "--yes", "--reason", "x").status()).isEqualTo(2);
    assertThat(mill.ask("POST", "/replay?confirm=true", "ann", "", new byte[0]).body())
        .contains("\"status\":400", "all=true");
  }

  @Test
  void aDeliveryIsNamedByItsObserverToo() {
    mill.hooks().answer(one -> 422);
    String number = Mill.number();
    String event = mill.post("quay", Mill.order(number, "1"));
    assertThat(
            eventually(
                () ->
                    mill.run("dead-letter", "list", "--json", "--text", number).json().size() == 2))
        .isTrue();
    Mill.Said ambiguous = mill.run("dead-letter", "show", event.substring(0, 8));
    assertThat(ambiguous.status()).isEqualTo(1);
    assertThat(ambiguous.err()).contains("several", event + "@");
    String first = event + "@" + "127.0.0.1";
    JsonNode shown = shown(first);
    assertThat(shown.get("id").asText()).isEqualTo(first);
    assertThat(shown.get("now").get("result").get("number").asText()).isEqualTo(number);

    mill.hooks().answer(one -> 204);
    Mill.Said said = mill.run("dead-letter", "replay", "--text", number, "--yes");
    assertThat(said.status()).as(said.out() + said.err()).isZero();
    assertThat(mill.hooks().versions("/", number)).hasSize(2);
    assertThat(mill.status("quay", event)).isEqualTo("delivered");
  }

  @Test
  void whatFailsWithWhatPassesIsTriedOnTheSchedule() {
    mill.hooks().answer(one -> 422);
    String number = Mill.number();
    mill.post("quay", Mill.order(number, "1"));
    String[] list = {"dead-letter", "list", "--json", "--text", number};
    assertThat(eventually(() -> mill.run(list).json().size() == 2)).isTrue();
    mill.hooks().answer(one -> 503);
    Mill.Said said = mill.run("dead-letter", "replay", "--text", number, "--yes");
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.out()).contains("2 will be tried again", "status", "503");
    mill.hooks().answer(one -> 204);
    assertThat(eventually(() -> mill.hooks().versions("/", number).size() == 2)).isTrue();
  }

  @Test
  void anIdThatIsNoneOrUnknownIsSaidSo() {
    assertThat(mill.run("dead-letter", "show", "xyz").status()).isEqualTo(2);
    Mill.Said unknown = mill.run("dead-letter", "show", "00000000");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err()).contains("no dead letter has the id '00000000'");
  }
}
