package dev.cmmshub.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of every accepted event.
 *
 * @param stale applied to nothing and told to nobody, since a newer version had come before
 * @param open what may still settle; after the quiet time it is wrong
 * @param wrong what no time mends
 */
record Verdict(
    int accepted,
    int applied,
    int parked,
    int dead,
    int stale,
    Set<String> open,
    Set<String> wrong) {
  private static final int SHOWN = 5;

  static Verdict of(
      List<Ledger.Entry> ledger, Shelves shelves, Set<String> published, HookReceiver hooks) {
    Set<String> open = new TreeSet<>();
    Set<String> wrong = new TreeSet<>(hooks.foreign());
    wrong.addAll(shelves.misplaced());
    Map<String, Ledger.Entry> accepted = new HashMap<>();
    ledger.forEach(entry -> accepted.put(entry.event(), entry));
    Map<String, Long> newest = new HashMap<>();
    int stale = 0;
    for (Ledger.Entry entry : accepted.values()) {
      if (!shelves.dead().contains(entry.event())) {
        newest.merge(entry.object(), entry.version(), Math::max);
      }
    }
    for (Ledger.Entry entry : accepted.values()) {
      place(entry.event(), shelves, open, wrong);
      boolean old = entry.version() < newest.getOrDefault(entry.object(), Long.MAX_VALUE);
      if (old
          && !published.contains(entry.event())
          && shelves.applied().containsKey(entry.event())) {
        stale++;
      } else if (!shelves.dead().contains(entry.event())
          && !hooks.seen().containsKey(entry.event())) {
        open.add(entry.event() + " was not told");
      }
    }
    newest.forEach(
        (object, version) -> {
          if (!version.equals(shelves.versions().get(object))) {
            open.add(object + " is " + shelves.versions().get(object) + ", accepted " + version);
          }
        });
    ghosts(accepted.keySet(), shelves, hooks).forEach(id -> open.add(id + " was never accepted"));
    shelves.undelivered().forEach(id -> open.add(id + " waits for its receiver"));
    return new Verdict(
        accepted.size(),
        count(accepted, shelves.applied().keySet()),
        count(accepted, shelves.waiting()),
        count(accepted, shelves.dead()),
        stale,
        open,
        wrong);
  }

  private static void place(String event, Shelves shelves, Set<String> open, Set<String> wrong) {
    List<String> places = new ArrayList<>();
    for (int i = 0; i < shelves.applied().getOrDefault(event, 0); i++) {
      places.add("applied");
    }
    if (shelves.waiting().contains(event)) {
      places.add("parked");
      open.add(event + " is parked");
    }
    if (shelves.dead().contains(event)) {
      places.add("dead-lettered");
    }
    if (places.isEmpty()) {
      open.add(event + " is lost");
    } else if (places.size() > 1) {
      wrong.add(event + " is " + places);
    }
  }

  /** The client never gives an event up, so what it was not told of must not be there. */
  private static Set<String> ghosts(Set<String> accepted, Shelves shelves, HookReceiver hooks) {
    Set<String> ghosts = new HashSet<>(shelves.applied().keySet());
    ghosts.addAll(shelves.dead());
    ghosts.addAll(hooks.seen().keySet());
    ghosts.removeAll(accepted);
    return ghosts;
  }

  private static int count(Map<String, Ledger.Entry> accepted, Set<String> place) {
    return (int) accepted.keySet().stream().filter(place::contains).count();
  }

  long lost() {
    return open.stream().filter(line -> line.endsWith(" is lost")).count();
  }

  @Override
  public String toString() {
    List<String> named = new ArrayList<>(wrong);
    named.addAll(open);
    return "%,d accepted, %,d applied (%,d of them stale), %,d parked, %,d dead-lettered, %,d lost"
            .formatted(accepted, applied, stale, parked, dead, lost())
        + (named.isEmpty() ? "" : ", wrong: " + named.subList(0, Math.min(SHOWN, named.size())));
  }
}
