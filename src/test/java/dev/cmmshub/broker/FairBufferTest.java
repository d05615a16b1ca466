package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FairBufferTest {
  private static final TopicPartition P0 = new TopicPartition("hub.inbound", 0);
  private static final TopicPartition P3 = new TopicPartition("hub.inbound", 3);

  private final FairBuffer buffer = new FairBuffer();
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  private void read(TopicPartition partition, String tenant, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(record(partition, (tenant + "|sap|part|" + i).getBytes(UTF_8)));
    }
    buffer.add(partition, records);
  }

  private ConsumerRecord<byte[], byte[]> record(TopicPartition partition, byte[] key) {
    long offset = ends.merge(partition, 1L, Long::sum) - 1;
    return new ConsumerRecord<>(
        partition.topic(), partition.partition(), offset, key, "{}".getBytes(UTF_8));
  }

  private Map<String, Integer> take(int most) {
    Map<String, Integer> counts = new HashMap<>();
    buffer
        .take(most)
        .values()
        .forEach(
            records ->
                records.forEach(r -> counts.merge(FairBuffer.tenantOf(r.key()), 1, Integer::sum)));
    return counts;
  }

  @Test
  void whoHasFewIsNotBehindWhoHasMany() {
    read(P0, "flood", 10_000);
    read(P0, "quiet", 3);
    read(P3, "other", 400);
    assertThat(take(500)).isEqualTo(Map.of("quiet", 3, "flood", 249, "other", 248));
    assertThat(take(500)).isEqualTo(Map.of("flood", 348, "other", 152));
    assertThat(take(500)).isEqualTo(Map.of("flood", 500));
  }

  @Test
  void moreTenantsThanRoomAllGetTheirTurn() {
    for (int i = 0; i < 30; i++) {
      read(P0, "tenant-" + i, 2);
    }
    Map<String, Integer> all = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      take(10).forEach((tenant, count) -> all.merge(tenant, count, Integer::sum));
    }
    assertThat(all).hasSize(30).allSatisfy((tenant, count) -> assertThat(count).isEqualTo(1));
  }

  @Test
  void aTenantsRecordsOfAPartitionKeepTheirOrderAndNoneIsLost() {
    Random random = new Random(20261127);
    Map<String, Long> latest = new HashMap<>();
    int read = 0;
    int taken = 0;
    for (int round = 0; round < 400 || !buffer.isEmpty(); round++) {
      if (round < 400) {
        int count = random.nextInt(40);
        read += count;
        read(random.nextBoolean() ? P0 : P3, "t" + random.nextInt(5), count);
      }
      for (List<ConsumerRecord<byte[], byte[]>> records :
          buffer.take(random.nextInt(30)).values()) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
          String place = FairBuffer.tenantOf(record.key()) + record.partition();
          Long before = latest.put(place, record.offset());
          assertThat(record.offset()).isGreaterThan(before == null ? -1 : before);
          taken++;
        }
      }
    }
    assertThat(taken).isEqualTo(read);
  }

  @Test
  void aPartitionThatIsFullIsNotReadOnAndOneThatWasGivenAwayIsForgotten() {
    read(P0, "flood", 20_000);
    read(P3, "flood", 5);
    assertThat(buffer.isFull(P0)).isTrue();
    assertThat(buffer.isFull(P3)).isFalse();
    assertThat(buffer.count(P0)).isEqualTo(Map.of("flood", 20_000));
    buffer.forget(List.of(P0));
    assertThat(buffer.isFull(P0)).isFalse();
    assertThat(buffer.isLow(P0)).isTrue();
    assertThat(take(500)).isEqualTo(Map.of("flood", 5));
    assertThat(buffer.isEmpty()).isTrue();
  }

  @Test
  void keysThatAreNotTheHubsAreNobodys() {
    buffer.add(P0, List.of(record(P0, null), record(P0, "no tenant".getBytes(UTF_8))));
    assertThat(take(500)).isEqualTo(Map.of("", 2));
  }
}
