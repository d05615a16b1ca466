package dev.cmmshub.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rendezvous hashing (Thaler and Ravishankar, 1998): each name goes to the node with the highest
 * score for it, so that adding a node moves only the names that go to the new one.
 */
final class RendezvousHash {
  private final List<String> nodes;
  private final Map<String, String> chosen = new ConcurrentHashMap<>();

  RendezvousHash(Collection<String> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("hub.shards: expected the name of at least one shard");
    }
    this.nodes = nodes.stream().sorted().toList();
  }

  String choose(String name) {
    return chosen.computeIfAbsent(name, this::highestScore);
  }

  private String highestScore(String name) {
    String best = null;
    long bestScore = 0;
    for (String node : nodes) {
      long score = score(name, node);
      if (best == null || Long.compareUnsigned(score, bestScore) > 0) {
        best = node;
        bestScore = score;
      }
    }
    return best;
  }

  private static long score(String name, String node) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest((name + '@' + node).getBytes(UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
