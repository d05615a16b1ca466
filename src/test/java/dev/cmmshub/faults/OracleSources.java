package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where the oracle finds what became of accepted events: in a folder the files {@code ledger} and
 * {@code receipts}, and in its {@code oracle.json} the rest.
 *
 * @param brokers Kafka's bootstrap servers
 * @param prefix of the hub's topics
 * @param shards with their superusers, from whom row level security hides nothing
 * @param tenants all of this hub
 */
record OracleSources(
    String brokers, String prefix, List<PostgresAddress> shards, List<String> tenants) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FILE = "oracle.json";

  static OracleSources of(EmbeddedAddresses servers, String prefix, List<String> tenants) {
    return new OracleSources(servers.kafkaBootstrap(), prefix, servers.shards(), tenants);
  }

  /** Only the owner may read it: there are passwords in it. */
  void write(Path folder) throws IOException {
    Path file =
        Files.createFile(
            folder.resolve(FILE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    MAPPER.writeValue(file.toFile(), this);
  }

  static OracleSources read(Path folder) throws IOException {
    return MAPPER.readValue(folder.resolve(FILE).toFile(), OracleSources.class);
  }
}
