package dev.cmmshub;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the architecture promises of the code, held by the code. */
class ArchitectureTest {
  private static final String ROOT = "dev.cmmshub";
  private static final Path SOURCES = Path.of("src/main/java/dev/cmmshub");
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target/classes"));
  private static final int LONGEST_CLASS = 250;

  /**
   * The composition root: the hub's life, the steps that routes name, polling, throttling, the
   * operators' side.
   */
  private static final List<String> COMPOSITION_ROOT =
      List.of(
          ROOT + ".Hub",
          ROOT + ".Steps",
          ROOT + ".GatewaySteps",
          ROOT + ".NotifySteps",
          ROOT + ".ContractSteps",
          ROOT + ".PollSteps",
          ROOT + ".BulkSteps",
          ROOT + ".ScheduleSteps",
          ROOT + ".ThrottleSteps",
          ROOT + ".TokenSteps",
          ROOT + ".TlsPorts",
          ROOT + ".TraceSteps",
          ROOT + ".Observation",
          ROOT + ".Administration");

  /** From below to above; those of one level know nothing of each other. */
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("message"),
          Set.of("yaml", "egress", "trace"),
          Set.of("broker", "tenant"),
          Set.of("transform", "store", "connector"),
          Set.of("gateway", "notifier", "recovery", "batch"),
          Set.of("observe"),
          Set.of(""),
          Set.of("cli"));

  @Test
  void importsRunOneWay() {
    Set<String> wrong = new HashSet<>();
    for (JavaClass from : CLASSES) {
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass();
        if (to.getPackageName().startsWith(ROOT) && !mayImport(part(from), part(to))) {
          wrong.add(from.getName() + " imports " + to.getName());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean mayImport(String from, String to) {
    if (from.equals(to)) {
      return true;
    }
    // The servers of the default profile are a library of their own, for the command line alone.
    if (from.equals("embedded") || to.equals("embedded")) {
      return from.equals("cli");
    }
    return level(to) < level(from);
  }

  private static int level(String part) {
    for (int level = 0; level < LEVELS.size(); level++) {
      if (LEVELS.get(level).contains(part)) {
        return level;
      }
    }
    throw new AssertionError("package " + part + " has no place in the architecture");
  }

  /** The package below the root: {@code gateway} of {@code dev.cmmshub.gateway.soap}. */
  private static String part(JavaClass type) {
    String below = type.getPackageName().substring(ROOT.length());
    return below.isEmpty() ? "" : below.substring(1).split("\\.")[0];
  }

  /** What the composition root says {@code new} for, nobody else does: there is one of each. */
  @Test
  void onlyTheCompositionRootAndTheCommandLineMakeServices() {
    Set<JavaClass> services = new HashSet<>();
    for (String root : COMPOSITION_ROOT) {
      for (JavaConstructorCall call : CLASSES.get(root).getConstructorCallsFromSelf()) {
        JavaClass made = call.getTargetOwner();
        if (made.getPackageName().startsWith(ROOT) && !made.isRecord()) {
          services.add(made);
        }
      }
    }
    assertThat(services).hasSizeGreaterThan(20);
    Set<String> wrong = new HashSet<>();
    for (JavaClass type : CLASSES) {
      for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
        boolean own =
            call.getTargetOwner().equals(type) || !services.contains(call.getTargetOwner());
        if (!own && !Set.of("", "cli").contains(part(type))) {
          wrong.add(call.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that(outside("cli"))
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethodWhere(calls(Throwable.class, "printStackTrace"))
        .check(CLASSES);
  }

  @Test
  void nobodySleeps() {
    noClasses().should().callMethodWhere(calls(Thread.class, "sleep")).check(CLASSES);
  }

  @Test
  void timeComesFromAClockThatIsHandedIn() {
    DescribedPredicate<JavaAccess<?>> readsTheClock =
        describe(
            "reads the time out of the air",
            call ->
                call.getTargetOwner().getPackageName().equals("java.time")
                        && call.getName().equals("now")
                        && call.getTarget().getFullName().endsWith("now()")
                    || call.getTargetOwner().isEquivalentTo(Clock.class)
                        && call.getName().startsWith("system")
                    || call.getTargetOwner().isEquivalentTo(System.class)
                        && call.getName().equals("currentTimeMillis"));
    noClasses()
        .that(outside("cli"))
        .and(describe("are not the composition root", type -> !type.isEquivalentTo(Hub.class)))
        .should()
        .callMethodWhere(readsTheClock)
        .check(CLASSES);
    noClasses()
        .that(
            describe(
                "do not read certificates", type -> !type.getSimpleName().equals("TlsMaterial")))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Date.class.getName())
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> outside(String part) {
    return describe("are outside " + part, type -> !part(type).equals(part));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> type, String method) {
    return describe(
        method,
        call -> call.getTargetOwner().isAssignableTo(type) && call.getName().equals(method));
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    for (JavaClass type : CLASSES) {
      Path folder = Path.of("src/main/java", type.getPackageName().split("\\."));
      assertThat(Files.readString(folder.resolve("package-info.java"))).startsWith("/**");
    }
  }

  @Test
  void noClassIsTooLongToRead() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        assertThat(Files.readAllLines(file))
            .as(file.toString())
            .hasSizeLessThanOrEqualTo(LONGEST_CLASS);
      }
    }
  }
}
