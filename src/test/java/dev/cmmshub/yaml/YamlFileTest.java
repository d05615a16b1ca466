package dev.cmmshub.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
  @TempDir private Path folder;

  private YamlFile read(String text) throws IOException {
    return YamlFile.read(Files.writeString(folder.resolve("a.yaml"), text), "look again");
  }

  @Test
  void aMistakeStandsWhereTheValueOrItsNameStands() throws IOException {
    YamlFile file =
        read(
            """
            a:
              b: [1, {c: 2}]
            "d/e": |
              text
            """);
    Field root = file.root();
    root.at("d/e").wrong("fourth");
    root.at("a").at("b").items().get(1).at("c").wrong("second");
    root.at("a").at("b").items().get(1).at("c").wrongName("first");
    root.at("a").at("none").wrong("is told where a is");
    root.at("none").wrong("is told at the top");
    assertThat(file.mistakes())
        .extracting(m -> m.line() + ":" + m.column() + " " + m.field() + " " + m.what())
        .containsExactly(
            "1:1 none is told at the top",
            "2:3 a.none is told where a is",
            "2:11 a.b[1].c first",
            "2:14 a.b[1].c second",
            "3:8 d/e fourth");
  }

  @Test
  void whatIsWrongReadsAsNotGivenAndAllElseAsBefore() throws IOException {
    YamlFile file = read("a: {b: 1, c: [x, y]}\n");
    Field a = file.root().at("a");
    assertThat(a.isSound()).isTrue();
    a.at("c").items().get(0).wrong("no x");
    assertThat(a.isSound()).isFalse();
    assertThat(a.at("b").text()).hasValue("1");
    assertThat(a.at("c").texts()).containsExactly("y");
    assertThat(a.at("c").isGiven()).isTrue();
    assertThatThrownBy(file::requireSound).hasMessage(file.path() + ":1:15: a.c[0]: no x");
  }

  /** A customer number or a version is a text, even if it looks like a number. */
  @Test
  void textsKeepTheirDigits() throws IOException {
    Field root = read("a: 1.10\nb: 007\nc: 100\nd: true\ne: 12345678901234567890123\n").root();
    assertThat(List.of("a", "b", "c", "d", "e"))
        .extracting(name -> root.at(name).text().orElseThrow())
        .containsExactly("1.10", "007", "100", "true", "12345678901234567890123");
  }

  @Test
  void allMistakesOfAFileAreOneMessage() throws IOException {
    YamlFile file = read("a: 1\nb: 2\n");
    file.root().at("b").wrong("not two");
    file.root().at("a").wrong("not one");
    file.root().at("a").wrong("not one");
    assertThatThrownBy(file::requireSound)
        .isInstanceOf(MistakesException.class)
        .hasMessage(file.path() + ":1:4: a: not one\n" + file.path() + ":2:4: b: not two");
  }

  @Test
  void whatIsNoYamlOrNotThereIsToldWithItsPlace() {
    assertThatThrownBy(() -> read("a: [\n")).hasMessageContaining("a.yaml:2:1: ");
    assertThatThrownBy(() -> read("a: 1\n---\nb: 2\n"))
        .hasMessageContaining("a.yaml:3:1: a second document begins here");
    assertThatThrownBy(() -> YamlFile.read(folder.resolve("none.yaml"), "name another"))
        .hasMessageContaining("none.yaml: cannot be read")
        .hasMessageEndingWith("; name another");
  }
}
