package dev.cmmshub.transform;

import com.schibsted.spt.data.jslt.parser.JsltParser;
import com.schibsted.spt.data.jslt.parser.ParseException;
import com.schibsted.spt.data.jslt.parser.SimpleNode;
import com.schibsted.spt.data.jslt.parser.Token;
import com.schibsted.spt.data.jslt.parser.TokenMgrError;
import java.io.StringReader;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a mapping with JSLT's own grammar, so that a rule about it sees what JSLT will see. */
final class MappingSyntax extends JsltParser {
  private static final int MOST = 8;
  private static final Pattern LEXICAL =
      Pattern.compile("line (\\d+), column (\\d+)\\.\\s+Encountered: (<EOF>|\"(?:\\\\.|[^\"])*\")");

  private MappingSyntax(String text) {
    super(new StringReader(text));
  }

  /**
   * The tree of a mapping, or of a file that a mapping imports (which has no result of its own).
   *
   * @throws TransformException naming file, line and column, what is there and what was expected
   */
  static SimpleNode parse(String file, String text, boolean imported) {
    MappingSyntax parser = new MappingSyntax(text);
    try {
      if (imported) {
        parser.Module();
      } else {
        parser.Start();
      }
      return (SimpleNode) parser.jjtree.rootNode();
    } catch (ParseException e) {
      Token found = e.currentToken.next;
      throw at(
          file,
          found,
          "found "
              + (found.kind == EOF ? "the end" : TransformException.shown(found.image))
              + ", expected "
              + expected(e));
    } catch (TokenMgrError e) {
      throw new TransformException(file + lexical(e.getMessage()));
    }
  }

  private static String lexical(String message) {
    Matcher place = LEXICAL.matcher(message);
    if (!place.find()) {
      return ": not JSLT";
    }
    String found = place.group(3);
    return ":"
        + place.group(1)
        + ":"
        + place.group(2)
        + (found.equals("<EOF>")
            ? ": found the end, expected \" behind a string"
            : ": found " + found + ", expected JSLT");
  }

  static TransformException at(String file, Token token, String message) {
    return new TransformException(
        file + ":" + token.beginLine + ":" + token.beginColumn + ": " + message);
  }

  private static String expected(ParseException e) {
    String all =
        Arrays.stream(e.expectedTokenSequences)
            .map(sequence -> e.tokenImage[sequence[0]].replace("\"", ""))
            .distinct()
            .limit(MOST)
            .collect(Collectors.joining(" "));
    return e.expectedTokenSequences.length == 1 ? all : "one of " + all;
  }
}
