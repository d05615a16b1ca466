package dev.cmmshub.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Two operators who do something to one dead letter at the same moment. */
final class OperatorRace {
  private static final String ANY = "*";
  private static final String UNEDITED = "\"0\"";
  private static final byte[] REASON = "{\"reason\":\"no use\"}".getBytes(StandardCharsets.UTF_8);

  private final HubProcess hub;

  OperatorRace(HubProcess hub) {
    this.hub = hub;
  }

  /**
   * Returns who raced and the two statuses, the lower one first.
   *
   * @param kind 0: two edits, 1: two replays, 2: two discards, 3: a replay and a discard, 4: an
   *     edit and a discard of what was not edited
   * @param mended a payload that passes
   */
  String run(int kind, String id, byte[] mended) throws IOException {
    if (kind > 0 && kind < 4) {
      edit("zoe", id, mended);
    }
    return switch (kind) {
      case 0 -> {
        // The second payload differs, or it would not be an edit.
        List<Integer> both =
            race(who -> edit(who, id, who.equals("ann") ? mended : spaced(mended)));
        replay("zoe", id);
        yield "edit, edit " + both;
      }
      case 1 -> "replay, replay " + race(who -> replay(who, id));
      case 2 -> "discard, discard " + race(who -> discard(who, id, ANY));
      case 3 ->
          "replay, discard "
              + race(who -> who.equals("ann") ? replay(who, id) : discard(who, id, ANY));
      default -> {
        List<Integer> both =
            race(who -> who.equals("ann") ? edit(who, id, mended) : discard(who, id, UNEDITED));
        // Refused where the discard won.
        replay("zoe", id);
        yield "edit, discard " + both;
      }
    };
  }

  private static byte[] spaced(byte[] body) {
    return (new String(body, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8);
  }

  private static List<Integer> race(ToIntFunction<String> act) {
    CyclicBarrier start = new CyclicBarrier(2);
    List<CompletableFuture<Integer>> both =
        Stream.of("ann", "bob")
            .map(
                who ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          await(start);
                          return act.applyAsInt(who);
                        },
                        task -> new Thread(task).start()))
            .toList();
    return both.stream().map(CompletableFuture::join).sorted().toList();
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private int edit(String who, String id, byte[] body) {
    return ask(who, "PUT", id + "/payload", UNEDITED, body);
  }

  private int replay(String who, String id) {
    return ask(who, "POST", id + "/replay", ANY, new byte[0]);
  }

  private int discard(String who, String id, String version) {
    return ask(who, "POST", id + "/discard", version, REASON);
  }

  private int ask(String who, String method, String path, String version, byte[] body) {
    try {
      return hub.operate(who, method, "/admin/v1/dead-letters/" + path, version, body).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
