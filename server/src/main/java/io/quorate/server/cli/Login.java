package io.quorate.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Who a command is to the cluster. The password comes from a file or from the environment, never
 * from the command line, which every process of the machine can read.
 */
public final class Login {
  /** Where the password is without a file. */
  static final String VARIABLE = "QUORATE_PASSWORD";

  private static final int FILE_BYTES_MAX = 4096;

  @Option(names = "--user", paramLabel = "USER", description = "Name of the user.")
  @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Holds the user's password (default: the variable " + VARIABLE + ").")
  @Nullable Path passwordFile;

  /** As JDBC's drivers take it; what is not given is left to the URL. */
  Properties properties() {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
      password().ifPresent(password -> properties.setProperty("password", password));
    }
    return properties;
  }

  /** The header of an HTTP request; empty without a user. */
  Optional<String> header() {
    if (user == null) {
      return Optional.empty();
    }
    String pair = user + ':' + password().orElse("");
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private Optional<String> password() {
    Path file = passwordFile;
    if (file == null) {
      return Optional.ofNullable(System.getenv(VARIABLE)).filter(text -> !text.isEmpty());
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new CommandFailedException("file " + file + " is too large for a password");
      }
      return Optional.of(Files.readString(file).replaceFirst("\\R\\z", ""));
    } catch (IOException e) {
      throw new CommandFailedException("password file " + file + " cannot be read", e);
    }
  }
}
