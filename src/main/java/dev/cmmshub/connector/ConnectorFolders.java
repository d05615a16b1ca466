package dev.cmmshub.connector;

import dev.cmmshub.tenant.SystemKind;
import dev.cmmshub.yaml.Mistake;
import dev.cmmshub.yaml.MistakesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads every {@code connectors/<name>/connector.yaml}. */
public final class ConnectorFolders {
  private static final String MANIFEST = "connector.yaml";

  private final ManifestReader manifests = new ManifestReader();

  /**
   * All connectors by name.
   *
   * @throws MistakesException telling everything that is wrong with any of them
   */
  public Map<String, Connector> read(Path folder) {
    List<Mistake> mistakes = new ArrayList<>();
    Map<String, Connector> connectors = read(folder, mistakes);
    if (!mistakes.isEmpty()) {
      throw new MistakesException(mistakes);
    }
    return connectors;
  }

  /**
   * Those with which nothing is wrong.
   *
   * @param mistakes gets what is wrong with the others
   */
  public Map<String, Connector> read(Path folder, List<Mistake> mistakes) {
    Map<String, Connector> connectors = new TreeMap<>();
    for (Path manifest : manifests(folder)) {
      try {
        Connector connector = manifests.read(manifest);
        connectors.put(connector.name(), connector);
      } catch (MistakesException e) {
        mistakes.addAll(e.mistakes());
      }
    }
    return connectors;
  }

  private static List<Path> manifests(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(c -> c.resolve(MANIFEST)).filter(Files::exists).sorted().toList();
    } catch (IOException e) {
      throw new MistakesException(
          List.of(
              new Mistake(folder, "cannot be read; name the folder with hub.connectors.folder")),
          e);
    }
  }

  /** The names of connectors, each with what it wants to know of a system. */
  public static Map<String, SystemKind> kinds(Map<String, Connector> connectors) {
    Map<String, SystemKind> kinds = new TreeMap<>();
    connectors.forEach((name, connector) -> kinds.put(name, KameletDefinition.kind(connector)));
    return kinds;
  }
}
