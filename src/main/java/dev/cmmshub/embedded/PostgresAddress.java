package dev.cmmshub.embedded;

/** One PostgreSQL cluster with the database {@code hub}; its password is not printed. */
public record PostgresAddress(String name, String jdbcUrl, String adminUser, String adminPassword) {
  @Override
  public String toString() {
    return name + " at " + jdbcUrl;
  }
}
