package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.cmmshub.Backends;
import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.store.ShardSettings;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is logged by accident, no secret is in it. */
class SecretTest {
  private static final String VALUE = "do-not-tell";
  private static final Secret SECRET = new Secret(VALUE);

  static List<Object> holders() {
    ShardSettings shard = new ShardSettings("a", "jdbc:x", "owner", SECRET, SECRET);
    PostgresAddress address = new PostgresAddress("a", "jdbc:x", "owner", VALUE);
    return List.of(
        SECRET,
        Optional.of(SECRET),
        shard,
        new Backends("k:9092", List.of(shard), "r", 6379, SECRET),
        address,
        new EmbeddedAddresses("k:9092", List.of(address), "r", 6379, VALUE),
        new TenantSystem("sap", "odoo", true, Map.of("password", SECRET)),
        new Hook(List.of("ab".repeat(32)), List.of(SECRET)),
        new Subscription(
            "h", "https://a.example", List.of("*"), DeliveryOrder.STRICT, Optional.of(SECRET)));
  }

  @ParameterizedTest
  @MethodSource("holders")
  void itDoesNotPrint(Object holder) {
    assertThat(holder.toString()).doesNotContain(VALUE);
    assertThat(String.format("%s", List.of(holder))).doesNotContain(VALUE);
  }

  /** A text of that name in a record would print with it, unless the record is known above. */
  @Test
  void noOtherRecordHoldsOneAsPlainText() throws ClassNotFoundException {
    List<Class<?>> known = List.of(PostgresAddress.class, EmbeddedAddresses.class);
    List<String> found = new ArrayList<>();
    for (JavaClass type : new ClassFileImporter().importPath(Path.of("target/classes"))) {
      Class<?> record = type.isRecord() ? Class.forName(type.getName()) : null;
      // What the demo makes up at its start is gone at its end.
      boolean demo = type.getPackageName().endsWith(".cli.demo");
      if (record != null && !known.contains(record) && !demo) {
        for (RecordComponent component : record.getRecordComponents()) {
          if (component.getType() == String.class
              && component.getName().matches("(?i).*(password|secret|token|credential).*")) {
            found.add(record.getName() + "." + component.getName());
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }
}
