package dev.cmmshub.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A payload in an editor of the operator's. */
class EditedFileTest {
  private static final byte[] PAYLOAD = "{\"a\":{\"b\":1.50}}".getBytes(UTF_8);

  @Test
  void isLaidOutChangedAndReadableByItsOwnerOnly() throws IOException, InterruptedException {
    EditedFile file = EditedFile.of("application/json", PAYLOAD, "sed -i s/1.50/2.75/");
    assertThat(file.isChanged()).isTrue();
    assertThat(new String(file.bytes(), UTF_8)).contains("\n").contains("\"b\" : 2.75");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path().getParent())))
        .isEqualTo("rwx------");
    file.delete();
    assertThat(file.path().getParent()).doesNotExist();
  }

  @Test
  void isNotChangedByLookingAtIt() throws IOException, InterruptedException {
    EditedFile file = EditedFile.of("application/json", PAYLOAD, "true");
    assertThat(file.isChanged()).isFalse();
    file.delete();
  }

  @Test
  void isNotTakenFromAnEditorThatFails() {
    assertThatThrownBy(() -> EditedFile.of("application/json", PAYLOAD, "false"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'false' ended with status 1");
  }

  @Test
  void theEditorIsTheOneThatWasChosen() {
    assertThat(EditedFile.editor(Map.of("EDITOR", "nano", "VISUAL", "code -w")))
        .isEqualTo("code -w");
    assertThat(EditedFile.editor(Map.of("EDITOR", "nano", "VISUAL", " "))).isEqualTo("nano");
    assertThat(EditedFile.editor(Map.of())).isEqualTo("vi");
  }

  @Test
  void xmlIsLaidOutAndReadsNothingElse() {
    assertThat(Pretty.payload("text/xml", "<a><b>1</b></a>")).contains("\n  <b>1</b>\n");
    String evil = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>";
    assertThat(Pretty.payload("text/xml", evil)).isEqualTo(evil);
    assertThat(Pretty.payload("application/json", "{broken")).isEqualTo("{broken");
  }
}
