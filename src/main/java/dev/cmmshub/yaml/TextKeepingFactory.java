package dev.cmmshub.yaml;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactoryBuilder;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Takes for a number only what would be written the same way again: the SAP client {@code 007} and
 * the code {@code 12e3} stay texts.
 */
final class TextKeepingFactory extends YAMLFactory {
  private static final long serialVersionUID = 1L;
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");

  TextKeepingFactory(YAMLFactoryBuilder builder) {
    super(builder);
  }

  @Override
  protected YAMLParser _createParser(byte[] content, int offset, int length, IOContext context) {
    Reader reader = new StringReader(new String(content, offset, length, StandardCharsets.UTF_8));
    return new YAMLParser(
        context, _parserFeatures, _yamlParserFeatures, _loaderOptions, _objectCodec, reader) {
      @Override
      protected JsonToken _decodeScalar(ScalarEvent scalar) throws IOException {
        JsonToken token = super._decodeScalar(scalar);
        return token.isNumeric() && !NUMBER.matcher(scalar.getValue()).matches()
            ? JsonToken.VALUE_STRING
            : token;
      }
    };
  }
}
