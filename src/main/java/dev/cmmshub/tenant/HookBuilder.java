package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the hook of one system. */
final class HookBuilder {
  private final String connector;
  private final Optional<HookSecret> form;
  private final SecretResolver secrets;

  /**
   * @param form how the connector's systems write secrets; empty when it says nothing of signatures
   */
  HookBuilder(String connector, Optional<HookSecret> form, SecretResolver secrets) {
    this.connector = connector;
    this.form = form;
    this.secrets = secrets;
  }

  /**
   * @param owner tenant and system, for people
   */
  Optional<Hook> build(String owner, Field hook, HookTokens taken) {
    if (!hook.isGiven()) {
      return Optional.empty();
    }
    if (form.isEmpty()) {
      hook.wrong(
          "connector "
              + connector
              + " does not say how its systems sign (hook: in its connector.yaml); use a key and"
              + " POST /v1/events");
      return Optional.empty();
    }
    List<String> tokens = new ArrayList<>();
    for (Field token : oneOrMore(hook.at("token"))) {
      token.text().ifPresent(hash -> taken.claim(owner, hash, token));
      token.text().ifPresent(tokens::add);
    }
    List<Secret> resolved = new ArrayList<>();
    for (Field secret : hook.at("secrets").items()) {
      secret
          .text()
          .flatMap(text -> secret.read(() -> usable(text, form.get())))
          .ifPresent(resolved::add);
    }
    return hook.isSound() ? Optional.of(new Hook(tokens, resolved)) : Optional.empty();
  }

  private static List<Field> oneOrMore(Field field) {
    List<Field> items = field.items();
    return items.isEmpty() ? List.of(field) : items;
  }

  private Secret usable(String reference, HookSecret form) {
    Secret secret = secrets.resolve(reference);
    if (!secret.value().isEmpty() || !SecretReferences.isReference(reference)) {
      form.key(secret);
    }
    return secret;
  }
}
