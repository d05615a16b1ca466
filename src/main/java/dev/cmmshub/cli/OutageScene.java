package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.cli.demo.Counterparts;
import dev.cmmshub.cli.demo.DemoEvents;
import dev.cmmshub.cli.demo.EventsShown;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** A receiver that fails, the order it finds afterwards, and a dead letter that is mended. */
final class OutageScene {
  private static final String LOCKED = "4020000";
  private static final List<String> OTHERS = List.of("4020001", "4020002", "4020003");
  private static final String POISON = "4020004";
  private static final int VERSIONS = 4;
  private static final String LETTERS = "/admin/v1/dead-letters";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Terminal terminal;
  private final Counterparts counterparts;
  private final EventsShown shown;
  private final DemoEvents events;
  private final DemoSender sender;
  private final AdminClient admin;
  private final ObjectNode figures = Json.mapper().createObjectNode();

  OutageScene(
      Terminal terminal,
      Counterparts counterparts,
      EventsShown shown,
      DemoEvents events,
      DemoSender sender,
      AdminClient admin) {
    this.terminal = terminal;
    this.counterparts = counterparts;
    this.shown = shown;
    this.events = events;
    this.sender = sender;
    this.admin = admin;
  }

  /** Plays the whole scene; true only if every step of it went as told. */
  boolean play() throws IOException, InterruptedException {
    boolean played = othersFlowOn() && orderAfterwards() && poisonIsMended();
    terminal.line("");
    if (played) {
      terminal.good("Nothing was lost, everything came in order.");
    } else {
      terminal.bad("This step did not go as told; the lines above say what is missing.");
    }
    return played;
  }

  /** What came of it, for machines. */
  ObjectNode figures() {
    return figures;
  }

  private boolean othersFlowOn() throws IOException, InterruptedException {
    step(
        "1. The CMMS has work order " + LOCKED + " locked: it answers 503 for it, for others 204.");
    counterparts.lock(LOCKED);
    List<DemoEvents.Post> posts = new ArrayList<>();
    for (int version = 1; version <= VERSIONS; version++) {
      posts.add(events.workOrder(LOCKED, version, false));
      for (String other : OTHERS) {
        posts.add(events.workOrder(other, version, false));
      }
    }
    boolean flowed =
        sender.send(posts) == 0
            && await(
                () ->
                    OTHERS.stream()
                        .allMatch(other -> counterparts.revisions(other).size() == VERSIONS))
            && await(() -> shown.parked() > 0 && shown.queued() == VERSIONS - 1);
    int told = OTHERS.stream().mapToInt(other -> counterparts.revisions(other).size()).sum();
    figures
        .put("othersDelivered", told)
        .put("lockedDelivered", counterparts.revisions(LOCKED).size());
    said(
        told
            + " events of the other orders were delivered; of "
            + LOCKED
            + " "
            + counterparts.revisions(LOCKED).size()
            + ": its key is parked, and what came later waits behind the first.");
    return flowed && counterparts.revisions(LOCKED).isEmpty();
  }

  private boolean orderAfterwards() {
    step("2. The lock is gone. The retry service finds out by itself.");
    counterparts.unlock();
    boolean all = await(() -> counterparts.revisions(LOCKED).size() >= VERSIONS);
    List<Long> came = counterparts.revisions(LOCKED);
    List<Long> sent = LongStream.rangeClosed(1, VERSIONS).map(events::revision).boxed().toList();
    figures.put("inOrder", came.equals(sent));
    said(
        came.size()
            + " events of "
            + LOCKED
            + " were delivered, "
            + (came.equals(sent) ? "in their order." : "NOT in their order: " + came));
    return all && came.equals(sent);
  }

  private boolean poisonIsMended() throws IOException, InterruptedException {
    step("3. SAP sends work order " + POISON + " with a priority that is no text.");
    boolean sent = sender.send(List.of(events.workOrder(POISON, 1, true))) == 0;
    if (!sent || !await(() -> letter() != null)) {
      return false;
    }
    JsonNode letter = letter();
    String id = letter.get("id").asText();
    figures.put("deadLetter", letter.get("errorClass").asText());
    said(
        "A dead letter: "
            + letter.get("errorClass").asText()
            + ", "
            + letter.get("reason").asText());
    terminal.dim("     ./hub dead-letter show " + DeadLetterList.shortId(id));
    step("4. An operator mends its payload and replays it.");
    String payload = LETTERS + "/" + AdminClient.encoded(id) + "/payload";
    byte[] mended = events.workOrder(POISON, 1, false).body();
    JsonNode edited = admin.put(payload, "0", mended);
    terminal.dim("     ./hub dead-letter edit, ./hub dead-letter replay");
    admin.post(
        LETTERS + "/" + AdminClient.encoded(id) + "/replay",
        Map.of(),
        JsonNodeFactory.instance.objectNode());
    boolean told = await(() -> counterparts.revisions(POISON).size() == 1) && letter() == null;
    figures.put("healed", told);
    said(
        "Version "
            + edited.get("version").asText()
            + " of the payload was delivered; the first one is kept, and the audit knows who did it.");
    return told;
  }

  private JsonNode letter() {
    try {
      for (JsonNode letter : admin.get(LETTERS, Map.of("tenant", "north"))) {
        if (letter.path("key").asText().endsWith("|" + POISON)) {
          return letter;
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private void step(String text) {
    terminal.line("");
    terminal.important(text);
  }

  private void said(String text) {
    terminal.good("   " + text);
  }

  private static boolean await(BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        return false;
      }
      LockSupport.parkNanos(GLANCE_NANOS);
    }
    return true;
  }
}
