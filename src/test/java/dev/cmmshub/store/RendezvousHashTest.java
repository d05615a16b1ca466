package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousHashTest {
  private static final List<String> NAMES =
      IntStream.range(0, 10_000).mapToObj(i -> "tenant-" + i).toList();

  private static Map<String, String> placed(String... nodes) {
    RendezvousHash hash = new RendezvousHash(List.of(nodes));
    return NAMES.stream().collect(Collectors.toMap(name -> name, hash::choose));
  }

  /** Another value would look for every tenant's rows where they are not. */
  @Test
  void aTenantStaysWhereItIsFromReleaseToRelease() {
    RendezvousHash hash = new RendezvousHash(List.of("a", "b"));
    assertThat(List.of("acme", "bolt", "cogs", "example").stream().map(hash::choose))
        .containsExactly("a", "a", "b", "b");
  }

  @Test
  void theOrderOfTheNodesDoesNotCount() {
    assertThat(placed("a", "b", "c")).isEqualTo(placed("c", "a", "b"));
  }

  @Test
  void aNewNodeTakesItsShareAndMovesNothingElse() {
    Map<String, String> before = placed("a", "b", "c");
    Map<String, String> after = placed("a", "b", "c", "d");
    List<String> moved =
        NAMES.stream().filter(name -> !before.get(name).equals(after.get(name))).toList();
    assertThat(moved).allMatch(name -> after.get(name).equals("d"));
    assertThat(moved.size()).isBetween(2300, 2700);
  }

  @Test
  void aNodeThatGoesSpreadsItsNamesOverTheOthers() {
    Map<String, String> before = placed("a", "b", "c");
    Map<String, String> after = placed("a", "b");
    assertThat(NAMES.stream().filter(name -> !before.get(name).equals(after.get(name))))
        .allMatch(name -> before.get(name).equals("c"));
    assertThat(after.values()).containsOnly("a", "b");
  }

  @Test
  void namesAreSpreadEvenly() {
    Map<String, Long> counts =
        placed("a", "b", "c", "d", "e").values().stream()
            .collect(Collectors.groupingBy(node -> node, Collectors.counting()));
    assertThat(counts).hasSize(5);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(1850L, 2150L));
  }

  @Test
  void withoutANodeThereIsNoPlace() {
    assertThatThrownBy(() -> new RendezvousHash(List.of())).hasMessageContaining("hub.shards");
  }

  @Test
  void aPinnedTenantIsWhereItIsPinned() {
    String id = StoreServers.newTenantId();
    for (String shard : List.of("a", "b")) {
      assertThat(StoreServers.shards().of(StoreServers.tenant(id, shard)).name()).isEqualTo(shard);
    }
    assertThatThrownBy(() -> StoreServers.shards().of(StoreServers.tenant(id, "z")))
        .hasMessage("tenants." + id + ".shard: 'z': expected one of [a, b]");
  }

  @Test
  void aShardThatIsAwayDoesNotStopTheStart() {
    ShardSettings away =
        new ShardSettings(
            "z",
            "jdbc:postgresql://127.0.0.1:1/hub",
            "me",
            StoreServers.settings().get(0).ownerPassword(),
            StoreServers.settings().get(0).servicePassword());
    try (Shards shards = new Shards(List.of(away), new SimpleMeterRegistry())) {
      assertThat(shards.all()).extracting(Shard::name).containsExactly("z");
    }
  }
}
