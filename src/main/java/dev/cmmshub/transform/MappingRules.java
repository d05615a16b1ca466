package dev.cmmshub.transform;

import com.schibsted.spt.data.jslt.parser.JsltParserConstants;
import com.schibsted.spt.data.jslt.parser.SimpleNode;
import com.schibsted.spt.data.jslt.parser.Token;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What JSLT allows and a mapping of the hub must not do: compute in doubles, and give another
 * result for the same input on another day or machine.
 *
 * <p>{@code +} stays allowed, since it joins texts, arrays and objects, and whether it gets numbers
 * shows only at run time; for numbers it is {@code add}.
 */
final class MappingRules {
  private static final Map<Integer, String> OPERATORS =
      Map.of(
          JsltParserConstants.STAR, "multiply(a, b)",
          JsltParserConstants.SLASH, "divide(a, b, scale, mode)",
          JsltParserConstants.MINUS, "subtract(a, b)");
  private static final String REPEATABLE = "gives another result each time: ";
  private static final String DOUBLES = "computes in doubles: ";
  private static final String LANGUAGE = "depends on the machine's language: ";
  private static final Map<String, String> FUNCTIONS =
      Map.of(
          "now", REPEATABLE + "take the time from the input",
          "random", REPEATABLE + "take the value from the input",
          "uuid", REPEATABLE + "use uuid5(namespace, name)",
          "floor", DOUBLES + "use round(d, 0, \"floor\")",
          "ceiling", DOUBLES + "use round(d, 0, \"ceiling\")",
          "parse-time", LANGUAGE + "use parse_date(s, pattern, zone)",
          "format-time", LANGUAGE + "use format_date(dt, pattern, zone)",
          "lowercase", LANGUAGE + "use to_lowercase(s)",
          "uppercase", LANGUAGE + "use to_uppercase(s)");

  private final String file;
  private final Set<String> own = new HashSet<>();

  private MappingRules(String file) {
    this.file = file;
  }

  /**
   * Checks the text of a mapping, or of a file that a mapping imports.
   *
   * @throws TransformException naming file, line and column, and what to write instead
   */
  static void check(String file, String text, boolean imported) {
    SimpleNode tree = MappingSyntax.parse(file, text, imported);
    MappingRules rules = new MappingRules(file);
    rules.collectOwn(tree);
    rules.check(tree);
  }

  private void collectOwn(SimpleNode tree) {
    for (int i = 0; i < tree.jjtGetNumChildren(); i++) {
      SimpleNode child = (SimpleNode) tree.jjtGetChild(i);
      if (child.jjtGetFirstToken().kind == JsltParserConstants.DEF) {
        own.add(child.jjtGetFirstToken().next.image);
      }
    }
  }

  private void check(SimpleNode node) {
    Token token = node.jjtGetFirstToken();
    switch (node.toString()) {
      case "AdditiveOperator", "MultiplicativeOperator" -> checkOperator(token);
      case "FunctionCall" -> checkCall(token);
      default -> {
        // Everything else is as harmless as its parts.
      }
    }
    for (int i = 0; i < node.jjtGetNumChildren(); i++) {
      check((SimpleNode) node.jjtGetChild(i));
    }
  }

  private void checkOperator(Token token) {
    String instead = OPERATORS.get(token.kind);
    if (instead != null) {
      throw MappingSyntax.at(
          file, token, "'" + token.image + "' computes in doubles: use " + instead);
    }
  }

  private void checkCall(Token token) {
    String why = FUNCTIONS.get(token.image);
    if (why != null && !own.contains(token.image)) {
      throw MappingSyntax.at(file, token, "'" + token.image + "' " + why);
    }
  }
}
