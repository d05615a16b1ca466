package dev.cmmshub.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The instructions of docker/Dockerfile: comments left out, continued lines joined. */
final class Dockerfile {
  static final Path FILE = Path.of("docker/Dockerfile");

  /**
   * One instruction.
   *
   * @param stage counts from 0
   */
  record Instruction(int stage, String name, String text) {}

  final List<Instruction> instructions = read();

  Dockerfile() throws IOException {}

  private static List<Instruction> read() throws IOException {
    String text =
        Files.readAllLines(FILE).stream()
            .filter(line -> !line.startsWith("#") && !line.isBlank())
            .collect(Collectors.joining("\n"))
            .replaceAll("\\\\\n\\s*", "");
    List<Instruction> all = new ArrayList<>();
    int stage = -1;
    for (String line : text.split("\n")) {
      String[] words = line.split(" ", 2);
      stage += words[0].equals("FROM") ? 1 : 0;
      all.add(new Instruction(stage, words[0], words[1].strip()));
    }
    return all;
  }

  /** What stands behind a name in any stage, in order. */
  List<String> all(String name) {
    return instructions.stream()
        .filter(one -> one.name().equals(name))
        .map(Instruction::text)
        .toList();
  }

  /** The same of the last stage, which is the image. */
  List<String> ofTheImage(String name) {
    int last = instructions.get(instructions.size() - 1).stage();
    return instructions.stream()
        .filter(one -> one.stage() == last && one.name().equals(name))
        .map(Instruction::text)
        .toList();
  }

  /** The options of jlink. */
  List<String> jlink() {
    String run =
        all("RUN").stream().filter(text -> text.startsWith("jlink ")).findFirst().orElseThrow();
    return List.of(run.substring("jlink ".length()).split(" +"));
  }

  /** How the image starts Java: the entry point without its class path and main class. */
  List<String> javaOptions() {
    return ofTheImage("ENTRYPOINT").stream()
        .flatMap(text -> List.of(text.replaceAll("[\\[\\]\",]+", " ").strip().split(" +")).stream())
        .filter(word -> word.startsWith("-") && !word.equals("-cp"))
        .toList();
  }
}
